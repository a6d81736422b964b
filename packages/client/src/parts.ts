import type { Requester, TokenSource } from './http/request.ts';
import type { Store } from './stores/store.ts';
import type { Locks } from './support/locks.ts';

/** What chat and calls of a signed-in user build on. */
export interface ClientParts {
  readonly userId: string;
  readonly requester: Requester;
  readonly tokens: TokenSource;
  readonly store: Store;
  readonly locks: Locks;
  readonly WebSocket: typeof globalThis.WebSocket;
  /** A socket that has heard nothing for so long is probed, in milliseconds. */
  readonly quietMs: number;
  readonly onDegraded: (ports: readonly string[], route: string) => void;
  /** Aborts when the client is closed. */
  readonly closing: AbortSignal;
}
