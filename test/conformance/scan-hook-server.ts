import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Network } from '../support/network.ts';
import type { DependencyFault } from './dependency-scene.ts';

/** A scan hook that finds every file clean, behind a network that can fail. */
export class ScanHookServer implements AsyncDisposable {
  readonly #network: Network;
  readonly #parts: AsyncDisposableStack;

  private constructor(network: Network, parts: AsyncDisposableStack) {
    this.#network = network;
    this.#parts = parts;
  }

  static async start(): Promise<ScanHookServer> {
    await using parts = new AsyncDisposableStack();
    const server = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ clean: true }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    parts.defer(async () => {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    });
    const network = parts.use(await Network.to((server.address() as AddressInfo).port));
    return new ScanHookServer(network, parts.move());
  }

  /** For storage; the time limit is shorter than clients wait for a scan. */
  get environment(): NodeJS.ProcessEnv {
    return {
      SCAN_URL: `http://127.0.0.1:${this.#network.port}/`,
      SCAN_TIMEOUT_SECONDS: '1',
    };
  }

  get faults(): readonly DependencyFault[] {
    const network = this.#network;
    const dependency = 'scan_hook';
    const end = async (): Promise<void> => network.set('up');
    return [
      {
        ...{ dependency, name: 'its hook refuses connections', end },
        begin: async () => network.set('cut'),
      },
      { dependency, name: 'its hook hangs', begin: async () => network.set('silent'), end },
    ];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}
