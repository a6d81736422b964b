import { Redis } from 'ioredis';
import type { SentinelAddress } from '../redis/address.ts';
import { type HostPort, nameOf } from '../redis/host-port.ts';
import { SentinelsError } from '../redis/sentinels-error.ts';
import { accessOptions } from './access-options.ts';
import { connectionFailure } from './classify.ts';
import { fields, list } from './sentinel-replies.ts';

/** The maximum of known sentinels; configured ones are always included. */
const maxSentinels = 32;

/** The sentinels of a set, asked one after another for its master. */
export class Sentinels {
  readonly #address: SentinelAddress;
  /** In the order of the queries. */
  #known: readonly HostPort[];

  constructor(address: SentinelAddress) {
    this.#address = address;
    this.#known = address.sentinels;
  }

  /** The address of the master from the first sentinel that knows it; otherwise the reasons. */
  async findMaster(): Promise<HostPort | SentinelsError> {
    const reasons: string[] = [];
    for (const sentinel of this.#known) {
      try {
        const master = await this.#ask(sentinel);
        if (master !== undefined) return master;
        reasons.push(`no master is called ${this.#address.masterName}`);
      } catch (error) {
        reasons.push(connectionFailure(error).reason);
      }
      this.doubt();
    }
    return new SentinelsError(reasons);
  }

  /** Moves the first sentinel to the end, because its answer did not help. */
  doubt(): void {
    const [first, ...others] = this.#known;
    if (first !== undefined) this.#known = [...others, first];
  }

  async #ask({ host, port }: HostPort): Promise<HostPort | undefined> {
    const sentinel = new Redis({
      host,
      port,
      ...accessOptions(this.#address.sentinelAccess ?? {}),
      connectTimeout: 1000,
      disconnectTimeout: 100,
      commandTimeout: 500,
      maxRetriesPerRequest: 0,
      enableReadyCheck: false,
      disableClientInfo: true,
      retryStrategy: () => null,
    });
    let cause: unknown;
    sentinel.on('error', (error) => {
      cause ??= error;
    });
    try {
      const { masterName } = this.#address;
      const found = await sentinel.call('sentinel', 'get-master-addr-by-name', masterName);
      // A sentinel that only allows the query for the master suffices.
      const others = await sentinel.call('sentinel', 'sentinels', masterName).catch(() => []);
      this.#learn(list(others).map(fields));
      return this.#reached(found);
    } catch (error) {
      // The command's error only says that the connection is closed; the connection's has the
      // reason.
      throw cause ?? error;
    } finally {
      sentinel.disconnect();
    }
  }

  #reached(reply: unknown): HostPort | undefined {
    const [host, port] = list(reply).map(String);
    return host === undefined ? undefined : this.#mapped({ host, port: Number(port) });
  }

  /** A sentinel outside the configuration may be the last one that is up. */
  #learn(others: readonly Partial<Record<string, string>>[]): void {
    for (const { ip, port, flags = '' } of others) {
      if (ip === undefined || flags.includes('disconnected')) continue;
      const address = this.#mapped({ host: ip, port: Number(port) });
      const isKnown = this.#known.some((known) => nameOf(known) === nameOf(address));
      if (!isKnown && this.#known.length < maxSentinels) this.#known = [...this.#known, address];
    }
  }

  #mapped(address: HostPort): HostPort {
    return this.#address.natMap?.[nameOf(address)] ?? address;
  }
}
