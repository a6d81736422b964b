import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Instance, type InstanceOptions, instanceName } from './instance.ts';

/** Resolves a name to its addresses. Rejects if it has none or cannot be resolved. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** The maximum of addresses used per name. */
const maxInstances = 64;

/** One entry of a variable such as `CHAT_URL`: an instance, or a name that instances share. */
export class Origin {
  readonly #origin: string;
  readonly #options: InstanceOptions;
  #addresses: readonly string[] = [];
  #instances: readonly Instance[];
  readonly #retiring = new Set<Instance>();

  constructor(origin: string, options: InstanceOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#instances = [new Instance(origin, options)];
  }

  get instances(): readonly Instance[] {
    return this.#instances;
  }

  /**
   * Resolves the name again, with an instance per address. Remaining instances keep their
   * connections; removed ones finish their requests. Rejects, and changes nothing, if the name
   * cannot be resolved.
   */
  async refresh(resolve: Resolve): Promise<void> {
    const hostname = new URL(this.#origin).hostname.replace(/^\[|\]$/g, '');
    // The addresses of `localhost` are one machine, which may listen on only one of them.
    if (isIP(hostname) !== 0 || hostname === 'localhost') return;
    const found = [...new Set(await resolve(hostname))].sort().slice(0, maxInstances);
    if (found.join() === this.#addresses.join()) return;
    const before = this.#instances;
    this.#addresses = found;
    this.#instances = this.#instancesAt(found);
    for (const instance of before) {
      if (!this.#instances.includes(instance)) this.#retire(instance);
    }
  }

  /** With a single address each new connection resolves the name, which notices changes sooner. */
  #instancesAt(addresses: readonly string[]): Instance[] {
    const wanted = addresses.length < 2 ? [undefined] : addresses;
    return wanted.map((address) => {
      const name = instanceName(this.#origin, address);
      const kept = this.#instances.find((instance) => instance.name === name);
      return kept ?? new Instance(this.#origin, this.#options, address);
    });
  }

  /** Pending requests may take minutes; nobody waits for them. */
  #retire(instance: Instance): void {
    this.#retiring.add(instance);
    void instance.retire().finally(() => this.#retiring.delete(instance));
  }

  async close(): Promise<void> {
    const all = [...this.#instances, ...this.#retiring];
    await Promise.all(all.map((instance) => instance.close()));
  }
}

/** Resolves by the system. If an instance has addresses of both families, takes the IPv4 one. */
export const resolveBySystem: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  const ofFamily4 = found.filter(({ family }) => family === 4);
  return (ofFamily4.length > 0 ? ofFamily4 : found).map(({ address }) => address);
};
