import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * A port of the request under way, for libraries whose stores are not told of the request: what the
 * store does then counts for the request's row, and its reply names the fallback.
 */
export class RequestPort<T extends object> {
  readonly #name: string;
  readonly #underWay = new AsyncLocalStorage<T>();

  /** @param name of the port, for errors */
  constructor(name: string) {
    this.#name = name;
  }

  /** Runs the rest of a request, whose asynchronous work finds the port. */
  run<R>(port: T, rest: () => R): R {
    return this.#underWay.run(port, rest);
  }

  /** @throws Error outside of a request that has passed the middleware */
  get current(): T {
    const port = this.#underWay.getStore();
    if (port !== undefined) return port;
    throw new Error(`the port ${this.#name} is used outside of the requests of its middleware`);
  }
}
