import { Redis } from 'ioredis';
import { accessOptions } from './access-options.ts';
import type { SentinelAddress } from './address.ts';
import { connectionFailure } from './classify.ts';
import { type HostPort, nameOf } from './host-port.ts';
import { fields, list } from './sentinel-replies.ts';

/** Those of the configuration are always asked; of others no more than make it so many. */
const maxSentinels = 32;

/** No sentinel named the master. `code` says why, sentinel by sentinel where they differ. */
export class SentinelsError extends Error {
  override readonly name = 'SentinelsError';
  readonly code: string;

  constructor(reasons: readonly string[]) {
    const code = `sentinels: ${[...new Set(reasons)].join(', ')}`;
    super(`No sentinel named the master. ${code}`);
    this.code = code;
  }
}

/** The sentinels of a set, asked one after the other for its master. */
export class Sentinels {
  readonly #address: SentinelAddress;
  /** In the order in which they are asked. */
  #known: readonly HostPort[];

  constructor(address: SentinelAddress) {
    this.#address = address;
    this.#known = address.sentinels;
  }

  /** Where the master is reached, by the first sentinel that knows; else why none does. */
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

  /** The sentinel that is asked first has not helped: it is asked last from now on. */
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
      // A sentinel that tells its clients no more than that will do.
      const others = await sentinel.call('sentinel', 'sentinels', masterName).catch(() => []);
      this.#learn(list(others).map(fields));
      return this.#reached(found);
    } catch (error) {
      // What a rejected command says is that the connection is closed; the connection says why.
      throw cause ?? error;
    } finally {
      sentinel.disconnect();
    }
  }

  #reached(reply: unknown): HostPort | undefined {
    const [host, port] = list(reply).map(String);
    return host === undefined ? undefined : this.#mapped({ host, port: Number(port) });
  }

  /** One that is not in the configuration may be the last that is left. */
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
