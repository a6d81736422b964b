/** Maximum tokens per process and kind; about 1 KiB each. */
const maxTokens = 10_000;

/**
 * The payloads of tokens whose signature was verified, by the whole text of the token, so that a
 * signature of a public key is computed once per token and process and not once per request. Tokens
 * that are not used any more leave when others come. Key, time and revocation are checked at every
 * use.
 */
export class VerifiedTokens {
  /** Used since the last turn of generations, and before it. */
  #young = new Map<string, object>();
  #old: ReadonlyMap<string, object> = new Map();
  readonly #maxYoung: number;

  constructor(max: number = maxTokens) {
    this.#maxYoung = Math.floor(max / 2);
  }

  get(token: string): object | undefined {
    const young = this.#young.get(token);
    if (young !== undefined) return young;
    const old = this.#old.get(token);
    if (old !== undefined) this.add(token, old);
    return old;
  }

  add(token: string, payload: object): void {
    if (this.#maxYoung === 0) return;
    if (this.#young.size >= this.#maxYoung) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, payload);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
