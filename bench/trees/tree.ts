import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@secureconnect/embedded';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { descendant } from './process-cpu.ts';

const services = ['gateway', 'auth', 'chat', 'video', 'storage'] as const;
type ServiceName = (typeof services)[number];

/** A checkout whose stack runs by `npm start`, with data of its own. */
export interface Tree extends AsyncDisposable {
  urlOf(service: ServiceName): string;
  pidOf(service: ServiceName): number;
}

/** Starts the stack of a checkout that has been set up. Rejects with what it printed if it ends. */
export async function startTree(folder: string): Promise<Tree> {
  const data = new TemporaryFolder();
  const ports = new Map<ServiceName, number>();
  for (const name of services) ports.set(name, await freePort());
  const variables = [...ports].map(([name, port]) => [`${name.toUpperCase()}_PORT`, `${port}`]);
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...Object.fromEntries(variables),
      SECURECONNECT_DATA_DIR: join(data.path, 'data'),
      BCRYPT_COST: '4',
      SIGN_INS_PER_SECOND: '10000',
      LOG_LEVEL: 'warn',
      GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${folder}: could not be started`);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('SecureConnect is running')) resolve();
    });
    child.once('exit', () => reject(new Error(`${folder} ended:\n${lines.join('\n')}`)));
  });
  const pids = new Map(
    services.map((name) => [name, descendant(pid, `services/${name}/src/main.ts`)]),
  );
  return {
    urlOf: (service) => `http://127.0.0.1:${ports.get(service)}`,
    pidOf: (service) => pids.get(service) ?? Number.NaN,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      data[Symbol.dispose]();
    },
  };
}
