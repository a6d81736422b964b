import { redisName } from './dependency-name.ts';
import type { FailOpenKind } from './fallback.ts';

/** The fallbacks that one request used, by port. */
export class FallbacksUsed {
  /** The kind, and beside it the dependency unless that is Redis. */
  #byPort: Map<string, string> | undefined;

  record(port: string, kind: FailOpenKind, dependency: string = redisName): void {
    this.#byPort ??= new Map();
    const of = dependency === redisName ? '' : `;dependency=${dependency}`;
    this.#byPort.set(kebabCase(port), `${kind}${of}`);
  }

  get isEmpty(): boolean {
    return this.#byPort === undefined;
  }

  /** For `meta.degraded`: `["presence", "rate-limit"]`. */
  list(): string[] {
    return this.#byPort ? [...this.#byPort.keys()] : [];
  }

  /**
   * For the header `X-Degraded`: `presence=skip, rate-limit=local`, with the dependency unless it is
   * Redis: `quotes=snapshot;dependency=prices`.
   */
  header(): string {
    if (!this.#byPort) return '';
    return [...this.#byPort].map(([port, kind]) => `${port}=${kind}`).join(', ');
  }
}

/** The name of a port in replies and docs: `rateLimit` becomes `rate-limit`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
