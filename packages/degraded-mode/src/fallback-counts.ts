/**
 * How often the fallbacks of each row have answered or refused a call since the process began. It has
 * as many numbers as the rows have ports.
 */
export class FallbackCounts {
  readonly #byRoute = new Map<string, Map<string, number>>();

  add(route: string, port: string): void {
    const ports = this.#byRoute.get(route) ?? new Map<string, number>();
    this.#byRoute.set(route, ports);
    ports.set(port, (ports.get(port) ?? 0) + 1);
  }

  of(route: string, port: string): number {
    return this.#byRoute.get(route)?.get(port) ?? 0;
  }
}
