import type { Random } from '../random.ts';
import type { Code, FactorAccount } from './factor-account.ts';
import type { SimulatedUser } from './user.ts';

const minCodesLeft = 3;

/** Signs in with a second factor, and sends each code twice at once, and now and then later again. */
export class FactorUser implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 300, to: 1500 };
  readonly #account: FactorAccount;
  readonly #sent: Code[] = [];

  constructor(account: FactorAccount) {
    this.#account = account;
    this.name = account.client.options.user;
    this.random = account.client.options.random;
  }

  async step(): Promise<void> {
    const challenges = await Promise.all([this.#account.challenge(), this.#account.challenge()]);
    if (challenges.includes(undefined)) return;
    const code = this.#account.nextCode();
    if (code === undefined) return;
    const tokens = await Promise.all(
      challenges.map((challenge) => this.#account.finish(challenge, code)),
    );
    this.#sent.push(code);
    const token = tokens.find((one) => one !== undefined);
    if (token === undefined) return;
    if (this.#account.codesLeft < minCodesLeft) await this.#account.replaceCodes(token);
    // One of a sign-in that succeeded: failures must not add up to a lock.
    if (this.random.chance(0.3)) {
      await this.#account.finish(await this.#account.challenge(), this.random.pick(this.#sent));
    }
  }
}
