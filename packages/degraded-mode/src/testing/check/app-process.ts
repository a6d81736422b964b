import { freePort } from '../servers/ports.ts';
import { ServerProcess } from '../servers/server-process.ts';
import { holdsWithin } from '../servers/wait.ts';
import { type AppTable, readTable } from './app-table.ts';

export interface AppOptions {
  /** The program of the app and its arguments. */
  readonly command: readonly string[];
  /** The variable from which the app takes the URL of its Redis. */
  readonly redisVariable: string;
  /** The variable from which it takes its port. */
  readonly portVariable: string;
  readonly tablePath: string;
  readonly startLimitMs: number;
}

const tableLimitMs = 2000;

/** The app under check, in a process of its own that ends with this one. */
export class AppProcess implements AsyncDisposable {
  readonly url: string;
  readonly #tablePath: string;
  readonly #server: ServerProcess;

  private constructor(url: string, { tablePath }: AppOptions, server: ServerProcess) {
    this.url = url;
    this.#tablePath = tablePath;
    this.#server = server;
  }

  /**
   * Starts it; resolves when it serves its table.
   * @param redisUrl of its Redis
   * @param logPath gets its output, whose end is in the error if it does not start
   */
  static async start(options: AppOptions, redisUrl: string, logPath: string): Promise<AppProcess> {
    const port = await freePort();
    const { redisVariable, portVariable, command, startLimitMs } = options;
    const env = { ...process.env, [redisVariable]: redisUrl, [portVariable]: String(port) };
    const server = new ServerProcess('the app', logPath, { command, signal: 'SIGKILL', env });
    const app = new AppProcess(`http://localhost:${port}`, options, server);
    const serves = async () => (await app.#currentTable()) !== undefined;
    await server.waitUntilReady(serves, startLimitMs);
    return app;
  }

  /** How its process ended; undefined while it runs. */
  get ending(): string | undefined {
    return this.#server.ending;
  }

  /** @throws Error if the app does not serve its table */
  async table(): Promise<AppTable> {
    const response = await fetch(new URL(this.#tablePath, this.url), {
      signal: AbortSignal.timeout(tableLimitMs),
    });
    return readTable(await response.json());
  }

  /** Whether the app says within the time that it is degraded, or that it is not. */
  says(degraded: boolean, timeoutMs: number): Promise<boolean> {
    return holdsWithin(async () => (await this.#currentTable())?.degraded === degraded, {
      timeoutMs,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop('SIGKILL');
  }

  async #currentTable(): Promise<AppTable | undefined> {
    try {
      return await this.table();
    } catch {
      return undefined; // not yet, or not any more
    }
  }
}
