/** A queue in which clients take turns: the first request of each, then the second of each, … */
export class TurnsByClient<Waiter> {
  /** In the order of their next turns. */
  readonly #byClient = new Map<string, Waiter[]>();
  #size = 0;

  /** The number of waiting requests. */
  get size(): number {
    return this.#size;
  }

  /** The number of requests ahead of a new request of this client. */
  before(client: string): number {
    const own = this.#byClient.get(client)?.length ?? 0;
    let before = 0;
    for (const waiting of this.#byClient.values()) before += Math.min(waiting.length, own + 1);
    return before;
  }

  add(client: string, waiter: Waiter): void {
    const waiting = this.#byClient.get(client);
    if (waiting === undefined) this.#byClient.set(client, [waiter]);
    else waiting.push(waiter);
    this.#size += 1;
  }

  /** Removes the next request, and moves the other requests of its client to the end. */
  takeNext(): Waiter | undefined {
    const [first] = this.#byClient;
    if (first === undefined) return undefined;
    const [client, waiting] = first;
    const next = waiting.shift();
    this.#size -= 1;
    this.#byClient.delete(client);
    if (waiting.length > 0) this.#byClient.set(client, waiting);
    return next;
  }

  /** Removes a request out of turn, if it still waits. */
  remove(client: string, waiter: Waiter): void {
    const waiting = this.#byClient.get(client);
    const at = waiting?.indexOf(waiter) ?? -1;
    if (waiting === undefined || at < 0) return;
    waiting.splice(at, 1);
    this.#size -= 1;
    if (waiting.length === 0) this.#byClient.delete(client);
  }
}
