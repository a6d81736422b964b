import type { Store } from '@secureconnect/client';
import { inMemory, under } from '../session/store-views.ts';

export interface TailPlace {
  /** What is followed: each keeps a place of its own. */
  readonly name: string;
  /** False where another process keeps it. */
  readonly isKept: boolean;
  /** Whether what was missed is not shown. */
  readonly beginsNow: boolean;
}

/** What `tail` sees of what is kept: its own place, and no outbox, which is for `send`. */
export function tailStore({ beginsNow, isKept, name }: TailPlace): (kept: Store) => Store {
  return (kept) => {
    const places = isKept ? under(kept, 'position/', `tail/${name}/`) : inMemory(kept, 'position/');
    return inMemory(beginsNow ? withoutPlace(places) : places, 'outbox/');
  };
}

/** The place is written, and was never read. */
function withoutPlace(store: Store): Store {
  return {
    get: async (key) => (key.startsWith('position/') ? undefined : store.get(key)),
    set: (key, value) => store.set(key, value),
    delete: (key) => store.delete(key),
    keys: (prefix) => store.keys(prefix),
  };
}
