import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP upstream of a test: `GET /price` and `GET /health`. It can be killed and frozen. */
export class PriceUpstream implements AsyncDisposable {
  #server: Server | undefined;
  #port = 0;
  #isFrozen = false;
  readonly #held: ServerResponse[] = [];
  /** The requests for prices that have arrived so far. */
  asked = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      if (request.url === '/price') this.asked += 1;
      if (this.#isFrozen) this.#held.push(response);
      else answer(response);
    });
    this.#server = server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Answers nothing, but keeps its connections. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const response of this.#held.splice(0)) answer(response);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

function answer(response: ServerResponse): void {
  response.end('{"cents":1200}');
}
