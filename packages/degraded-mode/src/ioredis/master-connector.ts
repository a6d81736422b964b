import type { Socket } from 'node:net';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { SentinelAddress } from '../redis/address.ts';
import { reconnectDelayMs } from '../redis/reconnect-delay.ts';
import { Sentinels } from './sentinels.ts';
import { openStream } from './server-stream.ts';

const disconnectTimeoutMs = 100;

/**
 * Finds the master by asking the sentinels, one after another, without end. It replaces the
 * connector of ioredis, which reports "all sentinels are unreachable" even if each of them has
 * answered (with NOAUTH, for example), and hides the code of a failed TLS handshake.
 */
export function masterConnector(address: SentinelAddress): NonNullable<RedisOptions['Connector']> {
  const sentinels = new Sentinels(address);
  return class MasterConnector extends AbstractConnector {
    constructor() {
      super(disconnectTimeoutMs);
    }

    /** A server that reports to be a replica is no master, whatever a sentinel says. */
    override check({ role }: { role?: string }): boolean {
      if (role === undefined || role === 'master') return true;
      sentinels.doubt();
      return false;
    }

    override async connect(emit: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (let attempt = 1; ; attempt += 1) {
        const found = await sentinels.findMaster();
        // Any other error would end the client permanently.
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
