import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { chmod, cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folder, numbers, type Pod, type Pods, settings } from './pods.ts';

const run = promisify(execFile);
const docker = async (...values: readonly string[]): Promise<string> =>
  (await run('docker', values)).stdout.trim();
const password = 'a-password-of-the-tests';
const ports = { redis: 6379, sentinel: 26_379 } as const;

const image = /image: (redis:\S+)/.exec(
  readFileSync(join(folder, 'redis-statefulset.yaml'), 'utf8'),
)?.[1];
const hasImage =
  spawnSync('docker', ['image', 'inspect', String(image)], { stdio: 'ignore' }).status === 0;

/** Why the scripts cannot be run in containers; '' where they can. */
export const containersSkipReason = hasImage ? '' : ` (left out: no Docker engine has ${image})`;

/** As the StatefulSets name them: `redis-0.redis`, `redis-sentinel-0.redis-sentinel`. */
function nameOf({ kind, number }: Pod): string {
  const set = kind === 'redis' ? 'redis' : 'redis-sentinel';
  return `${set}-${number}.${set}`;
}

/**
 * The scripts in the image of the StatefulSets, with as few rights as there. A container that starts
 * again is a new one with another address, and one that is away has no name, as with pods.
 */
export async function containerPods(): Promise<Pods> {
  const own = `secureconnect-redis-ha-${randomBytes(4).toString('hex')}`;
  const scripts = mkdtempSync(join(tmpdir(), 'redis-ha-scripts-'));
  await chmod(scripts, 0o755);
  // In the pods all of it is one ConfigMap.
  for (const part of ['scripts', 'templates']) {
    await cp(join(folder, part), scripts, { recursive: true });
  }
  const hosts = (kind: Pod['kind']): string =>
    numbers.map((number) => `${nameOf({ kind, number })}:${ports[kind]}`).join(' ');
  const given = settings({ redis: hosts('redis'), sentinel: hosts('sentinel') });
  const addresses = new Map<string, string>();
  const started = new Set<string>();
  const place = (pod: Pod): string => `${own}-${pod.kind}-${pod.number}`;
  const end = async (pod: Pod, ...command: string[]): Promise<void> => {
    addresses.delete(place(pod));
    await docker(...command, place(pod));
  };
  const script = (pod: Pod, name: string) =>
    docker('exec', place(pod), 'sh', `/opt/redis-ha/${name}`);
  await docker('network', 'create', own);
  return {
    password,
    masterName: given['MASTER_NAME'] ?? '',
    // Nobody listens there, as with a pod that is gone.
    address: (pod) => ({ host: addresses.get(place(pod)) ?? '127.0.0.254', port: ports[pod.kind] }),
    nameOf: (pod) => `${nameOf(pod)}:${ports[pod.kind]}`,
    async start(pod) {
      await docker('rm', '--force', place(pod));
      started.add(place(pod));
      const environment = {
        ...given,
        REDIS_PASSWORD: password,
        OWN_HOST: nameOf(pod),
        OWN_PORT: String(ports[pod.kind]),
        DATA_DIRECTORY: '/data',
        RUN_DIRECTORY: '/run/redis',
      };
      await docker(
        ...['run', '--detach', '--name', place(pod), '--network', own],
        ...['--network-alias', nameOf(pod), '--user', '999:999', '--read-only'],
        ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
        ...['--tmpfs', '/run/redis:uid=999,gid=999,mode=0700'],
        ...['--volume', `${place(pod)}:/data`, '--volume', `${scripts}:/opt/redis-ha:ro`],
        ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        ...[String(image), 'sh', `/opt/redis-ha/${pod.kind}-start.sh`],
      );
      const network = `{{(index .NetworkSettings.Networks "${own}").IPAddress}}`;
      addresses.set(place(pod), await docker('inspect', '--format', network, place(pod)));
    },
    kill: (pod) => end(pod, 'kill'),
    freeze: async (pod) => void (await docker('pause', place(pod))),
    thaw: async (pod) => void (await docker('unpause', place(pod))),
    async stop(pod) {
      if (pod.kind === 'redis') await script(pod, 'redis-stop.sh');
      await end(pod, 'stop');
    },
    isReady: (pod) =>
      script(pod, 'redis-ready.sh').then(
        () => true,
        () => false,
      ),
    async loseDisk(pod) {
      await docker('rm', '--force', place(pod));
      await docker('volume', 'rm', place(pod));
    },
    async log(pod) {
      const { stdout, stderr } = await run('docker', ['logs', place(pod)]);
      return stdout + stderr;
    },
    async [Symbol.asyncDispose]() {
      if (started.size > 0) {
        await docker('rm', '--force', ...started);
        await docker('volume', 'rm', '--force', ...started);
      }
      await docker('network', 'rm', own);
      await rm(scripts, { recursive: true });
    },
  };
}
