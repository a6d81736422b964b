import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@secureconnect/testkit';

/** A way to a server on loopback, which can be closed while the server runs on. */
export class ClosableWay {
  readonly #sockets = new Set<Socket>();
  readonly port: number;
  readonly #targetPort: number;
  #server: Server | undefined;

  private constructor(port: number, targetPort: number) {
    this.port = port;
    this.#targetPort = targetPort;
  }

  static async to(targetPort: number): Promise<ClosableWay> {
    const way = new ClosableWay(await freePort(), targetPort);
    await way.open();
    return way;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      const onward = connect(this.#targetPort, '127.0.0.1');
      for (const one of [socket, onward]) {
        this.#sockets.add(one);
        one.on('error', () => one.destroy());
      }
      socket.pipe(onward).pipe(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
