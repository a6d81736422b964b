import { BoundedMap } from './bounded-map.ts';

/** What became of sessions while Redis was down, so that it can be told. */
export class SessionChanges<Session> {
  readonly #max: number;
  readonly #sessions: BoundedMap<Session>;
  readonly #outdated = new Set<string>();

  /** @param max sessions, and as many ids of sessions whose copy in Redis is outdated */
  constructor(max: number) {
    this.#max = max;
    this.#sessions = new BoundedMap(max);
  }

  /** A session that is stored here alone; beyond the maximum, the oldest one is forgotten. */
  keep(id: string, session: Session): void {
    this.#sessions.set(id, session);
    this.#outdated.delete(id);
  }

  kept(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /**
   * The copy in Redis must not be used again: the session has ended, or changed elsewhere.
   * @throws Error beyond the maximum: to forget it would bring back a session that has ended
   */
  outdate(id: string): void {
    this.#sessions.delete(id);
    if (!this.#outdated.has(id) && this.#outdated.size >= this.#max) {
      throw new Error(`more than ${this.#max} sessions have changed without Redis`);
    }
    this.#outdated.add(id);
  }

  isOutdated(id: string): boolean {
    return this.#outdated.has(id);
  }

  /** Redis knows of it. */
  forget(id: string): void {
    this.#sessions.delete(id);
    this.#outdated.delete(id);
  }

  ids(): string[] {
    const kept = this.#sessions.entries().map(([id]) => id);
    return [...kept, ...this.#outdated];
  }
}
