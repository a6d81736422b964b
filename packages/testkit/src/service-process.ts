import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { eventually } from '@secureconnect/degraded-mode/testing';

export interface ServiceProcessOptions {
  /** The path of its `main.ts`. */
  readonly main: string;
  /** Its whole environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Its base URL; it is up when `/ready` answers. */
  readonly url: string;
  /** Called with its output; default: the output is dropped. */
  readonly onOutput?: (text: string) => void;
  /** Default 30,000. */
  readonly readyWithinMs?: number;
}

const defaultReadyWithinMs = 30_000;

/** A service in its own process, to kill it, restart it on its port, and measure its memory. */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
  }

  /** Starts it and waits until it is ready. If it is not, ends it and rejects. */
  async start(): Promise<void> {
    const { main, environment: env, url, onOutput } = this.#options;
    const timeoutMs = this.#options.readyWithinMs ?? defaultReadyWithinMs;
    const output = onOutput === undefined ? 'ignore' : 'pipe';
    const child = spawn(process.execPath, [main], { stdio: ['ignore', output, 'inherit'], env });
    this.#child = child;
    child.stdout?.on('data', (data: Buffer) => onOutput?.(data.toString()));
    try {
      await eventually(
        async () => {
          if (!(await fetch(`${url}/ready`)).ok) throw new Error(`${main} is not ready`);
        },
        { timeoutMs },
      );
    } catch (error) {
      await this.end('SIGKILL');
      throw error;
    }
  }

  /** Ends it; resolves when it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Its current memory in bytes (VmRSS of /proc, Linux). */
  memoryBytes(): number {
    const pid = this.#child?.pid ?? 0;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`no VmRSS in /proc/${pid}/status`);
    return Number(kibibytes) * 1024;
  }
}
