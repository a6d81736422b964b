import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@secureconnect/embedded';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { treeCpuMs } from '../trees/process-cpu.ts';

/** One start. */
export interface Started {
  /** From the command to the gateway's first 200. */
  readonly milliseconds: number;
  /** The processor time of all processes until then. */
  readonly processorMilliseconds: number;
}

const services = ['gateway', 'auth', 'chat', 'video', 'storage'];
const startLimitMs = 120_000;
const pauseMs = 5;

/** A checkout that is started again and again over the same data. */
export class Startable implements Disposable {
  readonly name: 'before' | 'here';
  readonly #folder: string;
  readonly #data = new TemporaryFolder();

  constructor(name: 'before' | 'here', folder: string) {
    this.name = name;
    this.#folder = folder;
  }

  /** Starts it as a user does, waits until it serves, and stops it. */
  async start(): Promise<Started> {
    const ports = await Promise.all(services.map(() => freePort()));
    const variables = services.map((name, index) => [`${name.toUpperCase()}_PORT`, ports[index]]);
    const startedAt = performance.now();
    const child = spawn('npm', ['start'], {
      cwd: this.#folder,
      stdio: 'ignore',
      env: {
        ...process.env,
        ...Object.fromEntries(variables),
        SECURECONNECT_DATA_DIR: join(this.#data.path, 'data'),
      },
    });
    try {
      await firstReply(`http://127.0.0.1:${ports[0]}/ready`, child);
      const milliseconds = performance.now() - startedAt;
      return { milliseconds, processorMilliseconds: treeCpuMs(child.pid ?? 0) };
    } finally {
      await stopped(child);
    }
  }

  [Symbol.dispose](): void {
    this.#data[Symbol.dispose]();
  }
}

/** Resolves with the first 200. Rejects if the process ends before, or takes too long. */
async function firstReply(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  while (child.exitCode === null && child.signalCode === null) {
    const status = await statusOf(url);
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`${url} answered no 200 (${status})`);
    await delay(pauseMs);
  }
  throw new Error('the stack ended before it served');
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined; // Nobody listens yet.
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
