import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../deploy/compose-rolling-restart.sh');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rolling-restart-'));
  // Programs that note how they were called.
  const note = `#!/bin/sh\necho "\${0##*/} $*" >>${folder}/calls\n`;
  const docker = `${note}[ "$1" = inspect ] && case "$*" in *version*) echo 1.29.2 ;; *) echo true ;; esac\nexit 0\n`;
  for (const [name, text] of [
    ['docker', docker],
    ['docker-compose', note],
    ['sleep', '#!/bin/sh\n'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = () => ({ ...process.env, PATH: `${folder}:${process.env['PATH']}` });

/** What was replaced, kept from a gateway and given back, in order. */
function stepsOf(...options: string[]): string[] {
  execFileSync(script, options, { env: environment() });
  return readFileSync(join(folder, 'calls'), 'utf8')
    .split('\n')
    .flatMap((call) => {
      const replaced = / --timeout 20 (.*)$/.exec(call)?.[1];
      const file = /load-balancer (touch|rm)/.exec(call)?.[1];
      return replaced ?? file ?? [];
    });
}

const services = [
  ...['auth-service chat-service', 'video-service storage-service'],
  ...['auth-service-2 chat-service-2', 'video-service-2 storage-service-2'],
];
const gateways = ['touch', 'api-gateway', 'rm', 'touch', 'api-gateway-2', 'rm'];

it('one instance of each service is replaced while the other serves, then the gateways', () => {
  expect(stepsOf()).toEqual([...services, ...gateways, 'rm']);
});

it('in a rollback the gateways come first', () => {
  expect(stepsOf('--gateways-first')).toEqual([...gateways, ...services, 'rm']);
});

it.each([
  ['HUP', 129],
  ['INT', 130],
  ['TERM', 143],
])('SIG%s gives the load balancer back the gateway that was kept from it', (signal, status) => {
  // Compose is stopped with the script, as by Ctrl-C, while it replaces the first gateway.
  const compose = `#!/bin/sh\ncase "$*" in *api-gateway) kill -${signal} $PPID ;; esac\n`;
  writeFileSync(join(folder, 'docker-compose'), compose);
  expect(spawnSync(script, [], { env: environment() }).status).toBe(status);
  const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
  expect(calls.filter((call) => call.includes('exec load-balancer'))).toEqual([
    'docker exec load-balancer touch /tmp/without-gateway-1',
    'docker exec load-balancer rm -f /tmp/without-gateway-1 /tmp/without-gateway-2',
  ]);
});

it.each([
  ['api-gateway', ['touch /tmp/without-gateway-1']],
  ['auth-service', ['rm -f /tmp/without-gateway-1 /tmp/without-gateway-2']],
])('%s that does not become ready ends it, and a gateway then gets no requests', (name, calls) => {
  const note = `#!/bin/sh\necho "\${0##*/} $*" >>${folder}/calls\n`;
  const docker = `${note}case "$*" in *version*) echo 1.29.2 ;; 'exec ${name} '*) exit 1 ;; esac\n`;
  writeFileSync(join(folder, 'docker'), docker);
  // Each look at the clock is a minute after the one before.
  const date = `#!/bin/sh\necho x >>${folder}/looks\necho $((60 * $(wc -l <${folder}/looks)))\n`;
  writeFileSync(join(folder, 'date'), date);
  chmodSync(join(folder, 'date'), 0o755);
  const { status, stderr } = spawnSync(script, [], { env: environment(), encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain(`${name} is not ready 120 s after its start`);
  expect(stderr.includes('asks the other gateway alone')).toBe(name === 'api-gateway');
  const all = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
  const ofBalancer = all.flatMap((call) => call.split('docker exec load-balancer ').slice(1));
  expect(ofBalancer).toEqual(calls);
});

it('an unknown option replaces nothing', () => {
  const { status, stderr } = spawnSync(script, ['--back'], {
    env: environment(),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([
    2,
    'Unknown option --back; expected --gateways-first or none.\n',
  ]);
});
