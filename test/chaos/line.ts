import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A device's way to the server: everything that is under way on it is lost when it is cut. */
export class Line {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(targetUrl: string) {
    const { hostname: host, port } = new URL(targetUrl);
    this.#server = createServer((near) => this.#join(near, connect({ host, port: Number(port) })));
  }

  /** Opens a way to the server at this address, which has a port. */
  static async open(targetUrl: string): Promise<Line> {
    const line = new Line(targetUrl);
    line.#server.listen({ port: 0, host: '127.0.0.1' });
    await once(line.#server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets every connection on both sides; new ones come through. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Likewise, and no new one comes through. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    // Where one side is gone, `pipeline` ends the other one too; those who speak on it are told by that.
    pipeline(near, far, near, () => undefined);
  }
}
