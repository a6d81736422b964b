import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * `cut`: nobody answers, and connections are reset. `silent`: bytes vanish both ways. `closed`: nobody
 * listens, and what is open is reset. `unanswered`: a connection is reset when the server says
 * something.
 */
type NetworkState = 'up' | 'cut' | 'silent' | 'closed' | 'unanswered';

/** Somebody's network: a port of their own that leads to a server, and can fail. */
export class Network implements AsyncDisposable {
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #state: NetworkState = 'up';

  private constructor(server: ReturnType<typeof createServer>, serverPort: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket, serverPort));
  }

  /** Opens a way to the server on this port of loopback. */
  static async to(serverPort: number): Promise<Network> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Network(server, serverPort);
  }

  /** What was open before a cut stays lost; what was silent, too. */
  set(state: NetworkState): void {
    const wasBroken = this.#state !== 'up';
    const wasClosed = this.#state === 'closed';
    this.#state = state;
    if (wasClosed && state !== 'closed') this.#server.listen(this.port, '127.0.0.1');
    if (!wasClosed && state === 'closed') this.#server.close();
    if (state === 'cut' || state === 'closed' || wasBroken) this.reset();
    for (const pair of this.#pairs) this.#change(pair);
  }

  /** This state as a fault, which begins and ends. */
  fault(state: NetworkState): { begin(): Promise<void>; end(): Promise<void> } {
    return { begin: async () => this.set(state), end: async () => this.set('up') };
  }

  /** Resets every connection on both sides; new ones come through as before. */
  reset(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.reset();
    if (this.#state === 'closed') return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  /** What becomes of an open connection in the current state. */
  #change(pair: readonly [Socket, Socket]): void {
    if (this.#state === 'silent') separate(pair);
    if (this.#state === 'unanswered') resetWhenAnswered(pair);
  }

  #accept(socket: Socket, serverPort: number): void {
    if (this.#state === 'cut') {
      socket.resetAndDestroy();
      return;
    }
    const pair = [socket, connect(serverPort, '127.0.0.1')] as const;
    this.#pairs.add(pair);
    const [near, far] = pair;
    for (const each of pair) {
      // The close event follows.
      each.on('error', () => undefined);
      each.on('close', () => {
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
    this.#change(pair);
  }
}

function resetWhenAnswered([near, far]: readonly [Socket, Socket]): void {
  far.unpipe(near).once('data', () => {
    near.resetAndDestroy();
    far.resetAndDestroy();
  });
  far.resume();
}

/** Both sides are read on, and hear nothing. */
function separate([near, far]: readonly [Socket, Socket]): void {
  near.unpipe(far).resume();
  far.unpipe(near).resume();
}
