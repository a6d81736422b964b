import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to the gateway that holds some requests back: they reach nobody, and get no reply. */
export class HeldGateway implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  #isHeld: (path: string) => boolean = () => false;
  #onHeld: () => void = () => undefined;

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (incoming, reply) => {
      const path = incoming.url ?? '';
      if (this.#isHeld(path)) {
        this.#onHeld();
        return;
      }
      const { headers, method } = incoming;
      const outgoing = request(`${origin}${path}`, { method, headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      });
      outgoing.on('error', () => reply.destroy());
      incoming.pipe(outgoing);
    });
  }

  static async before(origin: string): Promise<HeldGateway> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HeldGateway(server, origin);
  }

  /** Holds back what follows the first `count` requests to a path; ends with the first one held. */
  holdAfter(count: number, path: string): Promise<void> {
    let seen = 0;
    this.#isHeld = (asked) => {
      if (!asked.includes(path)) return false;
      seen += 1;
      return seen > count;
    };
    return new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  /** The number of requests to a path from now on. */
  countFrom(path: string): () => number {
    let seen = 0;
    this.#isHeld = (asked) => {
      if (asked.includes(path)) seen += 1;
      return false;
    };
    return () => seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
