import type { Socket } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { ServerConnector } from './server-stream.ts';

/** Longer than ioredis takes to destroy a socket that its server does not close (2 s by default). */
const defaultLimitMs = 3000;

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

  /**
   * Resolves when all sockets that are open now have closed. Those that have not within `limitMs`
   * are destroyed: ioredis may have connected one again that it no longer knows of.
   */
  async untilClosed(limitMs = defaultLimitMs): Promise<void> {
    const sockets = [...this.#open];
    const destroying = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, limitMs);
    try {
      await Promise.all(
        sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    } finally {
      clearTimeout(destroying);
    }
  }
}
