import { execFile } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, LeashedProcess, spawnLeashed } from '@secureconnect/testkit';
import { folder, numbers, type Pod, type PodNumber, type Pods, settings } from './pods.ts';

const run = promisify(execFile);
/** Why there are no addresses for the pods; '' where there are. */
export const linuxSkipReason =
  process.platform === 'linux' ? '' : ' (left out: 127.0.0.2 is this machine on Linux only)';
const password = 'a-password-of-the-tests';
/** On Linux all of 127.0.0.0/8 is this machine: an address a pod. */
const hostOf = (number: PodNumber): string => `127.0.0.${number + 1}`;

/** The scripts as processes of this machine. */
export async function processPods(): Promise<Pods> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-ha-'));
  const ports = { redis: await freePort(), sentinel: await freePort() };
  const hosts = (kind: Pod['kind']): string =>
    numbers.map((number) => `${hostOf(number)}:${ports[kind]}`).join(' ');
  const given = settings({ redis: hosts('redis'), sentinel: hosts('sentinel') });
  const running = new Map<string, LeashedProcess>();
  const place = ({ kind, number }: Pod): string => join(directory, `${kind}-${number}`);
  const environment = (pod: Pod): NodeJS.ProcessEnv => ({
    ...process.env,
    ...given,
    REDIS_PASSWORD: password,
    TEMPLATE_DIRECTORY: join(folder, 'templates'),
    OWN_HOST: hostOf(pod.number),
    OWN_PORT: String(ports[pod.kind]),
    BIND_ADDRESS: hostOf(pod.number),
    DATA_DIRECTORY: join(place(pod), 'data'),
    RUN_DIRECTORY: join(place(pod), 'run'),
  });
  const script = (name: string, pod: Pod) =>
    run('sh', [join(folder, 'scripts', name)], { env: environment(pod) });
  const processOf = (pod: Pod): LeashedProcess => {
    const found = running.get(place(pod));
    if (found === undefined) throw new Error(`${place(pod)} was never started`);
    return found;
  };
  return {
    password,
    masterName: given['MASTER_NAME'] ?? '',
    address: ({ kind, number }) => ({ host: hostOf(number), port: ports[kind] }),
    nameOf: ({ kind, number }) => `${hostOf(number)}:${ports[kind]}`,
    async start(pod) {
      await run('mkdir', ['-p', join(place(pod), 'data')]);
      const log = openSync(`${place(pod)}.log`, 'a');
      const child = spawnLeashed({
        command: ['sh', join(folder, 'scripts', `${pod.kind}-start.sh`)],
        signal: 'SIGKILL',
        stdio: ['ignore', log, log],
        env: environment(pod),
      });
      running.set(place(pod), new LeashedProcess(child));
    },
    kill: (pod) => processOf(pod).stop('SIGKILL'),
    freeze: async (pod) => processOf(pod).signal('SIGSTOP'),
    thaw: async (pod) => processOf(pod).signal('SIGCONT'),
    async stop(pod) {
      if (pod.kind === 'redis') await script('redis-stop.sh', pod);
      await processOf(pod).stop('SIGTERM');
    },
    isReady: (pod) =>
      script('redis-ready.sh', pod).then(
        () => true,
        () => false,
      ),
    loseDisk: (pod) => rm(join(place(pod), 'data'), { recursive: true }),
    log: (pod) => readFile(`${place(pod)}.log`, 'utf8'),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.values()].map((each) => each.stop('SIGKILL')));
      await rm(directory, { recursive: true });
    },
  };
}
