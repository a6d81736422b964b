import { textField } from '@secureconnect/testkit';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

/** Calls a friend, who answers; then hangs up. */
export class Caller implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 6000, to: 9000 };
  readonly #caller: Account;
  readonly #callee: Account;
  readonly #conversationId: string;

  constructor(options: { caller: Account; callee: Account; conversationId: string }) {
    this.#caller = options.caller;
    this.#callee = options.callee;
    this.#conversationId = options.conversationId;
    this.name = options.caller.client.options.user;
    this.random = options.caller.client.options.random;
  }

  async step(): Promise<void> {
    const [token, calleesToken] = [await this.#caller.token(), await this.#callee.token()];
    if (token === undefined || calleesToken === undefined) return;
    const body = { call_type: 'audio', conversation_id: this.#conversationId };
    const { client } = this.#caller;
    const call = await client.send('initiate call', { token, body, expected: [201] });
    if (call.status !== 201) return;
    const path = (action: string): string =>
      `/v1/calls/${textField(call.data, 'call_id')}/${action}`;
    await this.#callee.client.send('join call', {
      ...{ token: calleesToken, path: path('join'), expected: [200] },
    });
    await client.send('end call', { token, path: path('end'), expected: [200] });
  }
}
