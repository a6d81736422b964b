/** Maximum tokens per process and kind; about 1 KiB each. */
const maxTokens = 10_000;

/**
 * The claims of tokens whose signature was verified, by the whole text of the token, so that a
 * signature of a public key is computed once per token and process and not once per request. Key,
 * time and revocation are checked at every use.
 *
 * It has two generations, and its use changes neither: a Map whose entries come and go is copied
 * again and again, and the former copies stay until a major garbage collection.
 */
export class VerifiedTokens<Claims extends object> {
  #young = new Map<string, Claims>();
  #old: ReadonlyMap<string, Claims> = new Map();
  readonly #maxYoung: number;

  constructor(max: number = maxTokens) {
    this.#maxYoung = Math.floor(max / 2);
  }

  get(token: string): Claims | undefined {
    const young = this.#young.get(token);
    if (young !== undefined) return young;
    const old = this.#old.get(token);
    if (old !== undefined) this.add(token, old);
    return old;
  }

  /** Adds a token. The tokens that were not used since the last half of the maximum leave. */
  add(token: string, claims: Claims): void {
    if (this.#maxYoung === 0) return;
    if (this.#young.size >= this.#maxYoung) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, claims);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
