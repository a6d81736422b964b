import { unlessAborted, withResolvers } from './delay.ts';

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

/** Those of the browser, over all its pages, or, where there are none, those of this process. */
export function platformLocks(): Locks {
  const { navigator } = globalThis as { navigator?: { readonly locks?: WebLocks } };
  const web = navigator?.locks;
  if (web === undefined) return processLocks;
  return {
    hold: (name, signal, act) => web.request(name, signal === undefined ? {} : { signal }, act),
  };
}

/** Locks of one process, had in the order in which they were asked for. */
export class ProcessLocks implements Locks {
  /** For each name a promise that ends with the last of those who hold it or wait for it. */
  readonly #lasts = new Map<string, Promise<void>>();

  async hold<Result>(
    name: string,
    signal: AbortSignal | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const before = this.#lasts.get(name) ?? Promise.resolve();
    const { promise: released, resolve: release } = withResolvers<void>();
    const last = before.then(() => released);
    this.#lasts.set(name, last);
    void last.then(() => {
      if (this.#lasts.get(name) === last) this.#lasts.delete(name);
    });
    try {
      await unlessAborted(before, signal);
      return await act();
    } finally {
      release();
    }
  }
}

const processLocks = new ProcessLocks();
