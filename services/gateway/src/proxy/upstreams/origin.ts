import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Instance, type InstanceOptions, instanceName } from './instance.ts';

/** The addresses behind a name. Rejects where it has none or nobody says. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** More addresses of one name than this are left alone. */
const maxInstances = 64;

/** One entry of `CHAT_URL` and the like: an instance, or a name that several instances share. */
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
   * Looks at the name again: an instance for each of its addresses. Those that stay keep their
   * connections; those that went finish what they have. Rejects, and changes nothing, where the name
   * cannot be resolved.
   */
  async refresh(resolve: Resolve): Promise<void> {
    const hostname = new URL(this.#origin).hostname.replace(/^\[|\]$/g, '');
    // The addresses of `localhost` are one machine, which may listen on one of them only.
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

  /** A single address is left to the name: each new connection resolves it, which is prompter. */
  #instancesAt(addresses: readonly string[]): Instance[] {
    const wanted = addresses.length < 2 ? [undefined] : addresses;
    return wanted.map((address) => {
      const name = instanceName(this.#origin, address);
      const kept = this.#instances.find((instance) => instance.name === name);
      return kept ?? new Instance(this.#origin, this.#options, address);
    });
  }

  /** What is under way may take minutes; nobody waits for it. */
  #retire(instance: Instance): void {
    this.#retiring.add(instance);
    void instance.retire().finally(() => this.#retiring.delete(instance));
  }

  async close(): Promise<void> {
    const all = [...this.#instances, ...this.#retiring];
    await Promise.all(all.map((instance) => instance.close()));
  }
}

/** As the system resolves names. Of an instance with addresses of both families, the IPv4 one. */
export const resolveBySystem: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  const ofFamily4 = found.filter(({ family }) => family === 4);
  return (ofFamily4.length > 0 ? ofFamily4 : found).map(({ address }) => address);
};
