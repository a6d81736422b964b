import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort, OtlpReceiver } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { startSmallService } from '../../test/small-service.ts';
import { createLogger } from '../observability/logger.ts';
import { startTracing } from './start-tracing.ts';
import { activeTracing, setTracing } from './tracing.ts';

/** Traces this process until it is disposed of. */
async function startedTracing(): Promise<AsyncDisposable & { readonly collector: OtlpReceiver }> {
  const collector = await OtlpReceiver.start();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  await startTracing('small-service', createLogger({ service: 'small', level: 'silent' }));
  return {
    collector,
    async [Symbol.asyncDispose]() {
      await activeTracing()?.stop();
      setTracing(undefined);
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      await collector[Symbol.asyncDispose]();
    },
  };
}

const traceId = 'c'.repeat(32);
const headers = { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` };

it('a request goes on with the trace of a trusted proxy, and lines of the log name it', async () => {
  await using tracing = await startedTracing();
  await using small = await startSmallService({ trustedProxies: ['loopback'] });
  await call(`${small.url}/v1/plain`, { headers });
  const line = await eventually(() => {
    const lines = small.logLines.map((one) => JSON.parse(one) as Readonly<Record<string, unknown>>);
    const found = lines.find((one) => one['msg'] === 'request');
    if (found === undefined) throw new Error('no line yet');
    return found;
  });
  await activeTracing()?.stop();
  const [span] = tracing.collector.spans;
  expect(span).toMatchObject({ service: 'small-service', name: 'GET /v1/plain', traceId });
  expect(line).toMatchObject({ trace_id: traceId, span_id: span?.spanId });
});

it('a client does not choose the trace of its request', async () => {
  await using tracing = await startedTracing();
  await using small = await startSmallService({ trustedProxies: [] });
  for (const path of ['/live', '/ready', '/v1/plain']) {
    expect((await call(`${small.url}${path}`, { headers })).status).toBe(200);
  }
  await activeTracing()?.stop();
  // Probes have none.
  const [span, ...others] = tracing.collector.spans;
  expect([span?.name, others]).toEqual(['GET /v1/plain', []]);
  expect(span?.traceId).not.toBe(traceId);
  expect(span?.parentSpanId).toBeUndefined();
});

it('a line that is written in a span names it, and no other line does', async () => {
  await using _tracing = await startedTracing();
  const lines: string[] = [];
  const write = (line: string): unknown => lines.push(line);
  const log = createLogger({ service: 'small', level: 'info', traced: true, write });
  log.info('outside');
  const ids = await activeTracing()?.within(
    'work',
    { kind: 'internal', attributes: {} },
    async () => {
      log.info('inside');
      return activeTracing()?.ids();
    },
  );
  expect(ids?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('trace_id');
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ ...ids });
});

it('an error is named by its class, whatever its message says', async () => {
  await using tracing = await startedTracing();
  const failing = activeTracing()?.within(
    'work',
    { kind: 'internal', attributes: {} },
    async () => {
      throw new RangeError('of a user');
    },
  );
  await expect(failing).rejects.toThrow('of a user');
  await activeTracing()?.stop();
  const [span] = tracing.collector.spans;
  expect(span?.attributes['error.type']).toBe('RangeError');
  expect(JSON.stringify(span)).not.toContain('of a user');
});

it('a collector that is down is logged, and does not keep a process from stopping', async () => {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${await freePort()}`;
  const lines: string[] = [];
  const write = (line: string): unknown => lines.push(line);
  await startTracing('small-service', createLogger({ service: 'small', level: 'warn', write }));
  const tracing = activeTracing();
  await tracing?.within('work', { kind: 'internal', attributes: {} }, async () => undefined);
  await tracing?.stop();
  setTracing(undefined);
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  expect(lines.join()).toMatch(/traces (were|are) not exported/);
});

it('the SDK is not loaded while it is off, but for the API, which prom-client loads', {
  timeout: 30_000,
}, async () => {
  const source = join(import.meta.dirname, '../index.ts');
  const ask = `await import(${JSON.stringify(source)});
    const { createRequire } = await import('node:module');
    const { cache } = createRequire(import.meta.url);
    console.log(Object.keys(cache).some((path) => path.includes('pino')));
    console.log(Object.keys(cache).filter((path) => /@opentelemetry\\/(?!api\\/)/.test(path)).length);`;
  const run = promisify(execFile);
  const options = ['--input-type=module', '-e', ask];
  const { stdout } = await run(process.execPath, options, { cwd: join(import.meta.dirname, '..') });
  expect(stdout).toBe('true\n0\n');
});
