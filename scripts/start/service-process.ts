import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LeashedProcess, spawnLeashed } from '@secureconnect/embedded';
import { readableLine } from './log-line.ts';
import type { Service } from './settings.ts';

const readyTimeoutMs = 120_000;
const requestTimeoutMs = 2000;
const pauseMs = 30;
/** Each question takes time from services that are still loading, so one that is silent gets few. */
const pauseUntilItListensMs = 250;
/** A service limits its own stop to 14 s. */
const stopTimeoutMs = 15_000;

/** One running service. It has a channel to this process and stops when the channel breaks. */
export class ServiceProcess {
  readonly service: Service;
  readonly #process: LeashedProcess;
  /** Resolves when the service says that it listens; services need not say it. */
  readonly #listens: Promise<void>;
  #pauseMs = pauseUntilItListensMs;

  /**
   * @param print receives its output as lines for a person; if undefined, the service inherits this
   *   process's output.
   */
  constructor(
    service: Service,
    environment: NodeJS.ProcessEnv,
    print: ((line: string) => void) | undefined,
  ) {
    this.service = service;
    const output = print === undefined ? 'inherit' : 'pipe';
    const child = spawnLeashed({
      command: [process.execPath, service.main],
      signal: 'SIGTERM', // as the channel tells nothing to one that is still loading
      stdio: ['ignore', output, output, 'ipc'],
      env: environment,
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null && print !== undefined) this.#forward(stream, print);
    }
    this.#listens = new Promise((resolve) => {
      child.on('message', (message) => {
        if (Object(message)['kind'] !== 'listening') return;
        this.#pauseMs = pauseMs;
        resolve();
      });
    });
    this.#process = new LeashedProcess(child);
  }

  /** Resolves with how it ended. */
  get ended(): Promise<string> {
    return this.#process.ended;
  }

  /**
   * Resolves when `/ready` answers 200.
   * @throws Error with its last reply after the time limit; the signal's reason when aborted.
   */
  async ready(signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + readyTimeoutMs;
    const url = `http://127.0.0.1:${this.service.port}/ready`;
    await this.#pause();
    for (;;) {
      const answer = await this.#ask(url, signal);
      if (answer === undefined) return;
      if (Date.now() > deadline) {
        const within = `within ${readyTimeoutMs / 1000} s`;
        throw new Error(`${this.service.name} was not ready ${within}; ${url}: ${answer}`);
      }
      await this.#pause();
    }
  }

  /** Ends early when the service says that it listens. */
  async #pause(): Promise<void> {
    const over = delay(this.#pauseMs);
    await (this.#pauseMs === pauseMs ? over : Promise.race([over, this.#listens]));
  }

  /** SIGTERM, and SIGKILL after 15 seconds. */
  stop(): Promise<void> {
    return this.#process.stop('SIGTERM', stopTimeoutMs);
  }

  #forward(stream: Readable, print: (line: string) => void): void {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => print(readableLine(this.service.name, line)));
  }

  /** Returns undefined if the service is ready, otherwise its reply. */
  async #ask(url: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
    try {
      const reply = await fetch(url, { signal: limit });
      const body = await reply.text();
      return reply.status === 200 ? undefined : `${reply.status} ${body}`;
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      return String(cause); // it does not listen yet
    }
  }
}
