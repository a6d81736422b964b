/** Maximum tokens per process and kind; about 1 KiB each. */
const maxTokens = 10_000;

/**
 * The payloads of tokens whose signature was verified, by the whole text of the token, so that a
 * signature of a public key is computed once per token and process and not once per request. When it
 * is full, the least recently used token leaves. Key, time and revocation are checked at every use.
 */
export class VerifiedTokens {
  readonly #payloads = new Map<string, object>();
  readonly #max: number;

  constructor(max: number = maxTokens) {
    this.#max = max;
  }

  get(token: string): object | undefined {
    const payload = this.#payloads.get(token);
    if (payload === undefined) return undefined;
    // The order of a Map is that of insertion.
    this.#payloads.delete(token);
    this.#payloads.set(token, payload);
    return payload;
  }

  add(token: string, payload: object): void {
    this.#payloads.set(token, payload);
    if (this.#payloads.size <= this.#max) return;
    for (const leastRecentlyUsed of this.#payloads.keys()) {
      this.#payloads.delete(leastRecentlyUsed);
      break;
    }
  }

  get size(): number {
    return this.#payloads.size;
  }
}
