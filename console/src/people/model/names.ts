import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Api } from './api.ts';

/** Users whose names are kept; of more, those asked for first are forgotten. */
const maxNames = 1000;

/** The display names of users, each read once. */
export class Names {
  readonly #api: Api;
  readonly #known = new Map<string, Signal<string>>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The name of a user; an ellipsis until it is known. */
  of(userId: string): ReadonlySignal<string> {
    const known = this.#known.get(userId);
    if (known !== undefined) return known;
    const name = signal('…');
    this.#known.set(userId, name);
    if (this.#known.size > maxNames) this.#forgetOldest();
    void this.#read(userId, name);
    return name;
  }

  /** Notes a name that came with a different reply. */
  note(userId: string, displayName: string): void {
    const known = this.#known.get(userId);
    if (known === undefined) this.#known.set(userId, signal(displayName));
    else known.value = displayName;
  }

  async #read(userId: string, name: Signal<string>): Promise<void> {
    try {
      const user = await this.#api.request('GET /v1/users/:user_id', { path: { user_id: userId } });
      name.value = user.display_name;
    } catch {
      // Deleted, or out of reach: nothing that is shown depends on a name. It is not asked for again,
      // as whatever shows it would ask with every change.
      name.value = 'Somebody';
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
