import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@secureconnect/embedded';
import { FaultConnection } from './fault-connection.ts';
import type { FaultMode } from './fault-mode.ts';

const pass: FaultMode = { kind: 'pass' };

/**
 * A TCP proxy before a real Redis, which fails as networks and servers do. It reads the commands and
 * replies that go through it (RESP2), so that it can answer as a Redis in trouble does, each command
 * in its turn. In a transaction (MULTI) refused commands are only refused: EXEC does not know of it.
 */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly #serverPort: number;
  readonly #server: Server;
  readonly #connections = new Set<FaultConnection>();
  #mode: FaultMode = pass;
  /** What flapping is doing just now; else the mode. */
  #effective: FaultMode = pass;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  private constructor(port: number, serverPort: number) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#serverPort = serverPort;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Opens a way to the server on this port of loopback, on a port of its own. */
  static async start(serverPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(await freePort(), serverPort);
    await proxy.#listen();
    return proxy;
  }

  get mode(): FaultMode {
    return this.#mode;
  }

  /** What the clients that are connected now have sent into a black hole. */
  get bytesLost(): number {
    return [...this.#connections].reduce((sum, one) => sum + one.requestBytesLost, 0);
  }

  /**
   * Resolves when the mode is in force, for open connections too. Those whose streams an earlier
   * mode has torn are reset.
   */
  setMode(mode: FaultMode): Promise<void> {
    clearInterval(this.#timer);
    this.#mode = mode;
    if (mode.kind !== 'flapping') return this.#apply(mode);
    let isUp = false;
    this.#timer = setInterval(() => {
      isUp = !isUp;
      void this.#apply(isUp ? pass : { kind: 'refused' });
    }, mode.everyMs);
    return this.#apply({ kind: 'refused' });
  }

  /** Resets every connection; nothing is open when it resolves. */
  close(): Promise<void> {
    return this.setMode({ kind: 'refused' });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One after another: listening and not listening take turns of the event loop. */
  #apply(mode: FaultMode): Promise<void> {
    this.#work = this.#work.then(async () => {
      this.#effective = mode;
      for (const connection of this.#connections) connection.setMode(mode);
      if (mode.kind === 'refused') await this.#stopListening();
      else await this.#listen();
    });
    return this.#work;
  }

  #accept(socket: Socket): void {
    const connection = new FaultConnection(socket, this.#serverPort, this.#effective);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
    // It was accepted while the listener was being closed.
    if (this.#effective.kind === 'refused') connection.reset();
  }

  async #listen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen({ port: this.port, host: '127.0.0.1', exclusive: true });
    await once(this.#server, 'listening');
  }

  async #stopListening(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
