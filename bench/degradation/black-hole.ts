import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy before Redis that can swallow every byte, as a firewall that drops packets does:
 * connections stay open, new ones open too, and nothing arrives. When the hole closes, connections
 * that lost bytes are reset, since what follows a gap in a stream has no meaning.
 */
export class BlackHole implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #swallows = false;

  private constructor(targetPort: number) {
    this.#server = createServer((client) => this.#join(client, targetPort));
  }

  static async before(targetPort: number): Promise<BlackHole> {
    const proxy = new BlackHole(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  open(): void {
    this.#swallows = true;
  }

  close(): void {
    this.#swallows = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(client: Socket, targetPort: number): void {
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    client.setNoDelay();
    this.#forward(client, target);
    this.#forward(target, client);
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (!this.#swallows) to.write(bytes);
    });
    // Either end's reason reaches the other as the end of its connection.
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
