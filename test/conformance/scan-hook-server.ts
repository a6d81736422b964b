import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Network } from '../support/network.ts';
import type { DependencyFault, FaultSwitch } from './dependency-scene.ts';

export const scanHookFaults: readonly DependencyFault[] = [
  { dependency: 'scan_hook', name: 'its hook refuses connections' },
  { dependency: 'scan_hook', name: 'its hook hangs' },
];

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

  get switches(): Readonly<Record<string, FaultSwitch>> {
    return {
      'its hook refuses connections': this.#network.fault('cut'),
      'its hook hangs': this.#network.fault('silent'),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}
