import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@secureconnect/testkit';
import { type ServiceName, serviceNames } from './stack.ts';

/** What `npm start` starts, as processes of their own. */
export interface StartedStack extends AsyncDisposable {
  readonly dataDirectory: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Where the gateway's metrics are, if that is a port of their own. */
  readonly metricsPort: number | undefined;
  /** Everything that was printed so far. */
  readonly output: readonly string[];
  readonly pid: number;
  /** Sends a signal and resolves to the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const root = join(import.meta.dirname, '../..');
const maxStartMs = 120_000;

/** Runs the starter on free ports and a data directory of its own, and waits until it serves. */
export async function startForReal(environment: NodeJS.ProcessEnv = {}): Promise<StartedStack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'started-'));
  const ports = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [name, await freePort()] as const)),
  ) as Record<ServiceName, number>;
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'development',
      SECURECONNECT_DATA_DIR: dataDirectory,
      ...Object.fromEntries(
        serviceNames.map((name) => [`${name.toUpperCase()}_PORT`, String(ports[name])]),
      ),
      ...environment,
    },
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
  });
  const output: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}:\n${output.join('\n')}`));
    const timer = setTimeout(() => fail('the stack did not start in time'), maxStartMs);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        if (!line.includes('SecureConnect is running')) return;
        clearTimeout(timer);
        resolve();
      });
    }
    void ended.then((how) => fail(`the stack ended (${how})`));
  });
  const { METRICS_PORT: metricsPort } = environment;
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    dataDirectory,
    ports,
    metricsPort: metricsPort === undefined ? undefined : Number(metricsPort),
    output,
    pid: child.pid ?? 0,
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
      await rm(dataDirectory, { recursive: true });
    },
  };
}
