import { randomUUID } from 'node:crypto';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { postMessage } from './chatter.ts';
import type { SimulatedUser } from './user.ts';

/** Asks for more than its limit allows, through all gateways at once. */
export class Hammer implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 300, to: 700 };
  readonly #account: Account;
  readonly #what: 'messages' | 'uploads';
  readonly #conversationId: string;

  constructor(options: { account: Account; what: 'messages' | 'uploads'; conversationId: string }) {
    this.#account = options.account;
    this.#what = options.what;
    this.#conversationId = options.conversationId;
    this.name = options.account.client.options.user;
    this.random = options.account.client.options.random;
  }

  async step(): Promise<void> {
    const token = await this.#account.token();
    if (token === undefined) return;
    await Promise.all([this.#once(token), this.#once(token)]);
  }

  async #once(token: string): Promise<void> {
    if (this.#what === 'messages') {
      const clientMessageId = randomUUID();
      const message = { conversationId: this.#conversationId, clientMessageId, content: 'again' };
      await postMessage(this.#account, token, message, false);
      return;
    }
    const body = { file_name: 'a.txt', file_size: 1, content_type: 'text/plain' };
    const facts = { fileBytes: 1 };
    await this.#account.client.send('upload url', { token, body, expected: [200], facts });
  }
}
