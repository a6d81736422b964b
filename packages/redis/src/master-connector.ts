import type { Socket } from 'node:net';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { SentinelAddress } from './address.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { Sentinels } from './sentinels.ts';
import { openStream } from './server-stream.ts';

const disconnectTimeoutMs = 100;

/**
 * How a client finds its master: it asks the sentinels, one after the other and for as long as it
 * takes. In place of the connector of ioredis, which says that "all sentinels are unreachable" when
 * each of them has answered, be it NOAUTH, and keeps the code of a failed TLS handshake to itself.
 */
export function masterConnector(address: SentinelAddress): NonNullable<RedisOptions['Connector']> {
  const sentinels = new Sentinels(address);
  return class MasterConnector extends AbstractConnector {
    constructor() {
      super(disconnectTimeoutMs);
    }

    /** A replica that takes itself for one is no master, whatever a sentinel said. */
    override check({ role }: { role?: string }): boolean {
      if (role === undefined || role === 'master') return true;
      sentinels.doubt();
      return false;
    }

    override async connect(emit: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (let attempt = 1; ; attempt += 1) {
        const found = await sentinels.findMaster();
        // Thrown anything else, the client would be ended for good.
        if (!this.connecting) throw new Error('Connection is closed.');
        if (!(found instanceof Error)) return this.#open(found);
        emit('error', found);
        await new Promise((resolve) => setTimeout(resolve, reconnectDelayMs(attempt)));
      }
    }

    #open(master: { host: string; port: number }): Socket {
      const stream = openStream({ ...master, tls: address.tls });
      stream.once('error', (error) => {
        this.firstError = error;
      });
      this.stream = stream;
      return stream;
    }
  };
}
