/** Lets one holder at a time act, among everybody who shares a store. */
export interface Locks {
  /** @throws the reason of the signal, where it aborts before the lock is had */
  hold<Result>(
    name: string,
    signal: AbortSignal | undefined,
    act: () => Promise<Result>,
  ): Promise<Result>;
}

/** The part of the Web Locks API that is used: https://w3c.github.io/web-locks/ */
interface WebLocks {
  request<Result>(
    name: string,
    options: { readonly signal?: AbortSignal },
    act: () => Promise<Result>,
  ): Promise<Result>;
}

/** Those of the browser, over all its pages, or, where it has none, those of this process. */
export function platformLocks(): Locks {
  const { navigator } = globalThis as { navigator?: { readonly locks?: WebLocks } };
  const web = navigator?.locks;
  if (web === undefined) return new ProcessLocks();
  return {
    hold: (name, signal, act) => web.request(name, signal === undefined ? {} : { signal }, act),
  };
}

/** Of one process, in the order in which they were asked for. */
class ProcessLocks implements Locks {
  readonly #lasts = new Map<string, Promise<unknown>>();

  async hold<Result>(
    name: string,
    signal: AbortSignal | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const before = this.#lasts.get(name) ?? Promise.resolve();
    const mine = before.then(async () => {
      signal?.throwIfAborted();
      return act();
    });
    const settled = mine.then(nothing, nothing);
    this.#lasts.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.#lasts.get(name) === settled) this.#lasts.delete(name);
    }
  }
}

function nothing(): void {}
