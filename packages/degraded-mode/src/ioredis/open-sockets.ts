import type { Socket } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { ServerConnector } from './server-stream.ts';

/** The open sockets of clients, including those that ioredis opens internally. */
export class OpenSockets {
  readonly #open = new Set<Socket>();

  /** The `Connector` of clients whose sockets are tracked. */
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

  /** Resolves when all sockets that are open now have closed. */
  async untilClosed(): Promise<void> {
    await Promise.all(
      [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }
}
