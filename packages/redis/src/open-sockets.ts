import type { Socket } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { ServerConnector } from './server-stream.ts';

/** The sockets that clients have opened, those included that ioredis opens by itself and never names. */
export class OpenSockets {
  readonly #open = new Set<Socket>();

  /** The `Connector` of clients whose sockets are to be known here. */
  connector(): NonNullable<RedisOptions['Connector']> {
    const open = this.#open;
    return class extends ServerConnector {
      override async connect(): Promise<Socket> {
        const socket = await super.connect();
        open.add(socket);
        socket.once('close', () => open.delete(socket));
        return socket;
      }
    };
  }

  /** Resolves when each socket that is open now has closed. */
  async untilClosed(): Promise<void> {
    await Promise.all(
      [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }
}
