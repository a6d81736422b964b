import { FallbacksUsed } from './fallbacks-used.ts';

/** The fallbacks that the rows of a request have used, its middleware among them, for an adapter. */
export class FallbacksByRequest<Request extends object> {
  readonly #used = new WeakMap<Request, FallbacksUsed>();

  /** Those of a request; the same ones each time. */
  of(request: Request): FallbacksUsed {
    const used = this.#used.get(request) ?? new FallbacksUsed();
    this.#used.set(request, used);
    return used;
  }

  has(request: Request): boolean {
    return this.#used.has(request);
  }

  /** For `X-Degraded`; undefined if the reply names none. */
  header(request: Request): string | undefined {
    const used = this.#used.get(request);
    return used === undefined || used.isEmpty ? undefined : used.header();
  }

  /** For a request that was refused: it had no effect, by no fallback either. */
  forget(request: Request): void {
    this.#used.delete(request);
  }
}
