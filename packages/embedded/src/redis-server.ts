import { connect } from 'node:net';
import type { RedisFiles } from './redis-files.ts';
import { ServerProcess } from './server-process.ts';

const startTimeoutMs = 20_000;

/** A Redis of one's own, which can be killed, frozen and brought back on the same port. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly files: RedisFiles;
  readonly #binary: string;
  #server: ServerProcess;

  private constructor(port: number, files: RedisFiles, binary: string) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.files = files;
    this.#binary = binary;
    this.#server = this.#spawn();
  }

  static async start(port: number, files: RedisFiles, binary: string): Promise<RedisServer> {
    const redis = new RedisServer(port, files, binary);
    await redis.#ready();
    return redis;
  }

  get pid(): number {
    return this.#server.pid;
  }

  /** Resolves when the process that runs now has ended, saying how. */
  get ended(): Promise<string> {
    return this.#server.ended;
  }

  /** Ends it in an orderly way, also when it is frozen. */
  stop(): Promise<void> {
    return this.#server.stop('SIGTERM');
  }

  /** SIGKILL: ends it without a farewell; connections are reset. */
  kill(): Promise<void> {
    return this.#server.stop('SIGKILL');
  }

  /** SIGSTOP: connections stay open, and nothing answers until {@link thaw}. */
  freeze(): void {
    this.#server.signal('SIGSTOP');
  }

  thaw(): void {
    this.#server.signal('SIGCONT');
  }

  /** Starts it again on the same port; `empty` without its data. Stops it first if it runs. */
  async restart({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    await this.stop();
    if (empty) this.files.clear();
    this.#server = this.#spawn();
    await this.#ready();
  }

  #spawn(): ServerProcess {
    return new ServerProcess('Redis', this.files.logPath, {
      command: [this.#binary, this.files.config, '--daemonize', 'no'],
      signal: 'SIGKILL', // reaches a frozen one too; the append-only file has every write
      cwd: this.files.folder,
    });
  }

  #ready(): Promise<void> {
    const ready = () => serves(this.port, this.pid);
    return this.#server.waitUntilReady(ready, startTimeoutMs);
  }
}

/**
 * Whether the Redis with this pid serves: it replies PONG, where one that still loads its data says
 * LOADING; and it says its pid, as another server may have the port.
 */
function serves(port: number, pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let reply = '';
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.on('data', (data) => {
      reply += data.toString();
      const [, shownPid] = /^process_id:(\d+)\r$/m.exec(reply) ?? [];
      if (shownPid !== undefined) finish(reply.startsWith('+PONG') && Number(shownPid) === pid);
    });
    socket.write('PING\r\nINFO server\r\n');
  });
}
