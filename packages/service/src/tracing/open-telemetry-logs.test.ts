import { fork } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, OtlpReceiver } from '@secureconnect/testkit';
import { afterEach, expect, it } from 'vitest';
import { activeLogExport, setLogExport } from '../observability/log-export.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import { startLogExport } from './start-log-export.ts';

/** The log of this process, exported to a port; `lines` are those of standard output. */
async function exportedLog(port: number) {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
  const lines: Record<string, unknown>[] = [];
  const logExport = await startLogExport('small-service', () => log);
  const log: Logger = createLogger({
    service: 'small-service',
    level: 'info',
    write(line) {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      logExport.write(line);
    },
  });
  return { log, lines, logExport };
}
afterEach(async () => {
  await activeLogExport()?.stop();
  setLogExport(undefined);
  for (const name of ['ENDPOINT', 'TIMEOUT']) delete process.env[`OTEL_EXPORTER_OTLP_${name}`];
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

it('a receiver gets each line with its fields, its level and its trace', async () => {
  await using receiver = await OtlpReceiver.start();
  const { log, logExport } = await exportedLog(Number(new URL(receiver.url).port));
  const trace = { trace_id: traceId, span_id: '00f067aa0ba902b7' };
  log.warn({ ...trace, status: 503, body: { password: 'hidden-word' } }, 'request');
  log.info('listening');
  await logExport.stop();
  expect(receiver.lines).toEqual([
    {
      service: 'small-service',
      host: hostname(),
      body: 'request',
      severity: 'warn',
      traceId,
      attributes: { ...trace, status: 503, body: { password: '[redacted]' } },
    },
    {
      service: 'small-service',
      host: hostname(),
      body: 'listening',
      severity: 'info',
      traceId: undefined,
      attributes: {},
    },
  ]);
  expect(logExport.counts()).toEqual({ exported: 2, failed: 0, dropped: 0 });
});

it('a receiver that is down is one line, every line is counted, and no more than 2,048 wait', async () => {
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '200';
  const port = await freePort();
  const { log, lines, logExport } = await exportedLog(port);
  const metrics = createMetrics();
  for (let number = 0; number < 3000; number += 1) log.info({ number }, 'request');
  expect(logExport.counts()).toEqual({ exported: 0, failed: 0, dropped: 3000 - 2048 });
  await eventually(() => expect(logExport.counts().failed).toBeGreaterThan(500));
  const about = () => lines.filter(({ msg }) => msg !== 'request');
  expect(about()).toEqual([
    expect.objectContaining({
      level: 'warn',
      dependency: 'log receiver',
      msg: 'log lines are not exported',
    }),
  ]);

  await using receiver = await OtlpReceiver.start(port);
  await eventually(() => expect(about()).toHaveLength(2), { timeoutMs: 15_000 });
  expect(about()[1]).toMatchObject({ level: 'info', msg: 'log lines are exported again' });
  await logExport.stop();
  const { exported, failed, dropped } = logExport.counts();
  expect(exported + failed + dropped).toBe(lines.length);
  expect(receiver.lines).toHaveLength(exported);
  const text = await metrics.registry.metrics();
  expect(text).toContain(`log_lines_total{outcome="dropped"} ${dropped}\n`);
});

it('a process whose start fails exports the line that says so, beside standard output', async () => {
  await using receiver = await OtlpReceiver.start();
  const child = fork(join(import.meta.dirname, '../../test/child.ts'), {
    env: {
      PATH: process.env['PATH'],
      ...{ CHILD_SECRET: 'of these tests alone', CHILD_NAME: 'small' },
      ...{ CHILD_FAILS: 'yes', OTEL_LOGS_EXPORTER: 'otlp' },
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_EXPORTER: 'none',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output).toContain('"msg":"could not start"');
  expect(receiver.lines).toMatchObject([
    { service: 'child-service', body: 'could not start', severity: 'fatal' },
  ]);
});
