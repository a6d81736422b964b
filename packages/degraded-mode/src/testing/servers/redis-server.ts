import { connect } from 'node:net';
import type { RedisFiles } from './redis-files.ts';
import { ServerProcess } from './server-process.ts';

const startTimeoutMs = 20_000;

/** A Redis that can be killed, frozen and restarted on the same port. */
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

  /** Resolves when the current process has ended, with the way it did. */
  get ended(): Promise<string> {
    return this.#server.ended;
  }

  /** Stops it gracefully, even if it is frozen. */
  stop(): Promise<void> {
    return this.#server.stop('SIGTERM');
  }

  /** SIGKILL: ends it at once; connections are reset. */
  kill(): Promise<void> {
    return this.#server.stop('SIGKILL');
  }

  /** SIGSTOP: connections stay open, but nothing answers until {@link thaw}. */
  freeze(): void {
    this.#server.signal('SIGSTOP');
  }

  thaw(): void {
    this.#server.signal('SIGCONT');
  }

  /** Restarts it on the same port; with `empty`, without its data. */
  async restart({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    await this.stop();
    if (empty) this.files.clear();
    this.#server = this.#spawn();
    await this.#ready();
  }

  #spawn(): ServerProcess {
    return new ServerProcess('Redis', this.files.logPath, {
      command: [this.#binary, this.files.config, '--daemonize', 'no'],
      signal: 'SIGKILL', // also ends a frozen one; the append-only file has every write
      cwd: this.files.folder,
    });
  }

  #ready(): Promise<void> {
    const ready = () => serves(this.port, this.pid);
    return this.#server.waitUntilReady(ready, startTimeoutMs);
  }
}

/**
 * Whether the Redis with this pid serves. While it loads its data, it replies LOADING, not PONG.
 * The pid is compared, because a different server may have the port.
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
