import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../servers/ports.ts';
import { FaultConnection } from './fault-connection.ts';
import type { FaultMode } from './fault-mode.ts';

const pass: FaultMode = { kind: 'pass' };

/**
 * A TCP proxy of a real Redis that fails like networks and servers do. It parses commands and
 * replies (RESP2), so it can answer like a failing Redis, in the order of the commands. In a
 * transaction (MULTI) commands are refused, but EXEC does not fail for it.
 */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly #serverPort: number;
  readonly #server: Server;
  readonly #connections = new Set<FaultConnection>();
  #mode: FaultMode = pass;
  /** The current mode of flapping, or else the mode. */
  #effective: FaultMode = pass;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  private constructor(port: number, serverPort: number) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#serverPort = serverPort;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Opens a proxy of the server on this loopback port, on a free port. */
  static async start(serverPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(await freePort(), serverPort);
    await proxy.#listen();
    return proxy;
  }

  get mode(): FaultMode {
    return this.#mode;
  }

  /** Bytes that the connected clients sent into a black hole. */
  get bytesLost(): number {
    return [...this.#connections].reduce((sum, one) => sum + one.requestBytesLost, 0);
  }

  /**
   * Resolves when the mode is in effect, also for open connections. Connections whose streams an
   * earlier mode has broken are reset.
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

  /** Changes run in sequence, because starting and stopping to listen are asynchronous. */
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
    // It was accepted while the listener closed.
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
