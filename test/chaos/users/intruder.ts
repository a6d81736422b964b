import type { Client } from '../client.ts';
import type { Random } from '../random.ts';
import { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

const wrongBeforeLock = 5;
const triesWhenLocked = 4;

/** Guesses passwords of one account after another, and tries the right one when it is locked. */
export class Intruder implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 200, to: 2500 };
  readonly #newClient: () => Client;
  #target: Account | undefined;
  #failures = 0;
  #triesLeft = triesWhenLocked;

  constructor(newClient: () => Client) {
    this.#newClient = newClient;
    const { user, random } = newClient().options;
    this.name = user;
    this.random = random;
  }

  async step(): Promise<void> {
    this.#target ??= await this.#nextTarget();
    if (this.#target === undefined) return;
    if (this.#failures < wrongBeforeLock) {
      const { status } = await this.#target.tryPassword('wrong', [401, 423]);
      if (status === 401) this.#failures += 1;
      if (status === 423) this.#failures = wrongBeforeLock;
      return;
    }
    await this.#target.tryPassword(this.random.chance(0.7) ? 'right' : 'wrong', [423]);
    this.#triesLeft -= 1;
    if (this.#triesLeft === 0) this.#target = undefined;
  }

  /** Sometimes an address that nobody has: it is locked all the same. */
  async #nextTarget(): Promise<Account | undefined> {
    const account = new Account(this.#newClient());
    if (this.random.chance(0.7) && !(await account.register())) return undefined;
    this.#failures = 0;
    this.#triesLeft = triesWhenLocked;
    return account;
  }
}
