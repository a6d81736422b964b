import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { probeEndedSession } from './probe.ts';
import type { SimulatedUser } from './user.ts';

const probesAfterLogout = 4;

/**
 * Logs in, loses the reply to a refresh or sends too many now and then, and logs out again or ends the session from a
 * second device; then tries what the ended session's tokens are still good for.
 */
export class Leaver implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 20, to: 1200 };
  readonly #account: Account;
  #probesLeft = 0;

  constructor(account: Account) {
    this.#account = account;
    this.name = account.client.options.user;
    this.random = account.client.options.random;
  }

  async step(): Promise<void> {
    if (this.#probesLeft > 0) {
      this.#probesLeft -= 1;
      await probeEndedSession(this.#account, this.random);
      return;
    }
    if ((await this.#account.token()) === undefined) return;
    if (this.random.chance(0.5)) await this.#account.refreshLosingReply();
    if (this.random.chance(0.1)) await this.#account.refreshTooOften();
    if (this.random.chance(0.3)) await this.#account.changeDevice();
    else await this.#account.logOut();
    this.#probesLeft = probesAfterLogout;
  }
}
