import type { FailOpenKind } from './fallback.ts';

/** The fallbacks that one request used, by port. */
export class FallbacksUsed {
  #byPort: Map<string, FailOpenKind> | undefined;

  record(port: string, kind: FailOpenKind): void {
    this.#byPort ??= new Map();
    this.#byPort.set(kebabCase(port), kind);
  }

  get isEmpty(): boolean {
    return this.#byPort === undefined;
  }

  /** For `meta.degraded`: `["presence", "rate-limit"]`. */
  list(): string[] {
    return this.#byPort ? [...this.#byPort.keys()] : [];
  }

  /** For the header `X-Degraded`: `presence=skip, rate-limit=local`. */
  header(): string {
    if (!this.#byPort) return '';
    return [...this.#byPort].map(([port, kind]) => `${port}=${kind}`).join(', ');
  }
}

/** The name of a port in replies and docs: `rateLimit` becomes `rate-limit`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
