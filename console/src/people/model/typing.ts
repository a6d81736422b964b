import { type ReadonlySignal, signal } from '@preact/signals';

/** A person counts as typing for so long after the last frame, as the next may be lost. */
const typesForMs = 6000;

/** Who is typing in a conversation. */
export class Typing {
  readonly #users = signal<readonly string[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** The ids of users. */
  get users(): ReadonlySignal<readonly string[]> {
    return this.#users;
  }

  note(userId: string, isTyping: boolean): void {
    clearTimeout(this.#timers.get(userId));
    this.#timers.delete(userId);
    const others = this.#users.value.filter((id) => id !== userId);
    this.#users.value = isTyping ? [...others, userId] : others;
    if (!isTyping) return;
    this.#timers.set(
      userId,
      setTimeout(() => this.note(userId, false), typesForMs),
    );
  }

  /** Forgets everybody. */
  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#users.value = [];
  }
}
