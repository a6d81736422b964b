import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { adapted } from '../support/adapted-command.ts';
import { consoleBlocks, normalized } from '../support/console-block.ts';
import { untilGauges } from '../support/gauges.ts';
import { openShell } from '../support/shell.ts';
import { signalsToken, startStack } from '../support/stack.ts';
import { startForReal } from '../support/started-stack.ts';
import { readYaml, root } from './deployed.ts';
import { runbooks, shellCommands } from './runbook-commands.ts';
import { startTraffic } from './traffic.ts';

const run = promisify(execFile);
const pages = runbooks();

/** Measures differ from run to run; that something is not 0 does not, where it is to be 0. */
const withoutMeasures = (output: string): string =>
  normalized(output).replace(/(?<= )[1-9]\d*(\.\d+)?(e[+-]\d+)?$|(?<= )0\.\d+$/gm, 'some');

describe('the runbooks', () => {
  it('show commands that print what they say, beside `npm start`', {
    timeout: 180_000,
  }, async () => {
    // As deployments have it; `npm start` by itself serves metrics on the gateway's port.
    await using stack = await startForReal({ METRICS_PORT: String(await freePort()) });
    await using shell = openShell(root);
    for (const [page, text] of pages) {
      for (const { command, output } of consoleBlocks(text).flatMap(({ commands }) => commands)) {
        const show = async (): Promise<void> => {
          const printed = withoutMeasures(await shell.run(adapted(command, stack)));
          expect(printed, `${page}: ${command}`).toBe(withoutMeasures(output));
        };
        // What is measured every ten seconds may not have been measured yet.
        await eventually(show, { timeoutMs: 20_000, intervalMs: 500 });
      }
    }
  });

  it('look for lines that the gateway writes when it refuses alerts', {
    timeout: 60_000,
  }, async () => {
    const [, pattern = ''] =
      /logs .*api-gateway.* \| grep -E '([^']*503)'/.exec(pageOf('gateway-503-rate-high.md')) ?? [];
    await using stack = await startStack();
    using traffic = await startTraffic({ urls: stack.urls, signalsToken });
    await stack.redis.kill();
    await untilGauges(stack, '1');
    expect(await traffic.deliver('NotTaken')).toBe(503);
    await eventually(() => {
      const written = stack.logs.filter(({ service }) => service === 'gateway');
      const lines = written
        .map((line) => JSON.stringify(line))
        .filter((line) => new RegExp(pattern).test(line));
      expect(lines.some((line) => line.includes('Redis entered degraded mode'))).toBe(true);
      expect(lines.some((line) => line.includes('/api/v1/signals/prometheus'))).toBe(true);
    });
  });

  it.each(pages)('%s links only to what is there', (_page, text) => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      expect(existsSync(join(root, 'docs', 'runbooks', target)), target).toBe(true);
    }
  });

  it.each(pages)(
    '%s says what it means and what to do, with Compose and in Kubernetes',
    (_page, text) => {
      const headings = [
        '**Meaning.**',
        '**Impact.**',
        '## Diagnosis',
        'Docker Compose:',
        'Kubernetes:',
        '## Resolution',
      ];
      for (const heading of headings) expect(text).toContain(heading);
      expect(text).toMatch(/kubectl -n secureconnect/);
    },
  );
});

const pageOf = (name: string): string => pages.find(([page]) => page === name)?.[1] ?? '';

const composeFile = join(root, 'docker-compose.yml');
const { services } = readYaml<{ services: Record<string, { container_name?: string }> }>(
  composeFile,
);
const containers = Object.values(services).map(({ container_name }) => container_name);
/** What the manifests in deploy/ name: `kind/name`, and the names that pods have as a label. */
const workloads = [
  'api-gateway',
  'auth-service',
  'chat-service',
  'video-service',
  'storage-service',
  'redis',
  'redis-sentinel',
  'turn',
];

describe('the commands of the runbooks for a deployment', () => {
  it.each(shellCommands())('$page: $command is good shell', async ({ command }) => {
    await run('bash', ['-n', '-c', command]);
  });

  const compose = shellCommands().filter(({ command }) => command.startsWith('docker-compose'));
  it.each(compose)('$page: $command names services of docker-compose.yml', ({ command }) => {
    const [, verb = '', rest = ''] = /^docker-compose (\w+)([^|]*)/.exec(command) ?? [];
    expect(['ps', 'logs', 'exec']).toContain(verb);
    const words = rest.split(' ').filter((word) => word !== '' && !word.startsWith('-'));
    const named = verb === 'exec' ? words.slice(0, 1) : words;
    for (const name of named) expect(Object.keys(services)).toContain(name);
  });

  const docker = shellCommands().filter(({ command }) =>
    /\bdocker (exec|logs|inspect|stats)\b/.test(command),
  );
  it.each(docker)('$page: $command names containers of docker-compose.yml', ({ command }) => {
    const loop = /\bfor name in ([^;]+);/.exec(command)?.[1]?.split(' ');
    const pattern =
      /\bdocker (?:exec|logs(?: --tail \d+)?|inspect --format '[^']*'|stats --no-stream) ?([^;|]*)/;
    const words = pattern.exec(command)?.[1]?.split(' ') ?? [];
    const named = loop ?? (command.startsWith('docker exec') ? words.slice(0, 1) : words);
    for (const name of named.filter((word) => word !== '')) expect(containers).toContain(name);
  });

  const kubectl = shellCommands().filter(({ command }) => command.includes('kubectl'));
  it.each(kubectl)('$page: $command names what the manifests in deploy/ have', ({ command }) => {
    expect(command).toMatch(
      /^kubectl -n secureconnect (get|describe|logs|exec|port-forward|top|auth) /,
    );
    const labels = [...command.matchAll(/app\.kubernetes\.io\/name=([\w-]+)/g)].map(
      ([, name]) => name,
    );
    const deployments = [...command.matchAll(/deployment\/([\w-]+)/g)].map(([, name]) => name);
    for (const name of [...labels, ...deployments]) expect(workloads).toContain(name);
  });

  it.each(workloads)('the manifests have %s, with that label on its pods', (name) => {
    const short = name.replace(/^api-|-service$/g, '');
    const file = {
      redis: 'redis-ha/redis-statefulset.yaml',
      'redis-sentinel': 'redis-ha/sentinel-statefulset.yaml',
      turn: 'kubernetes/components/turn/deployment.yaml',
    }[name];
    const path = join(root, 'deploy', file ?? `kubernetes/base/${short}/deployment.yaml`);
    const manifest = readFileSync(path, 'utf8');
    expect(manifest).toContain(`  name: ${name}\n`);
    expect(manifest).toContain(`app.kubernetes.io/name: ${name}\n`);
  });
});
