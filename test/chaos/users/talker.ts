import { randomUUID } from 'node:crypto';
import { ChatSocketClient } from '../chat-socket.ts';
import type { History } from '../history.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { postMessage } from './chatter.ts';
import type { SimulatedUser } from './user.ts';

export interface TalkerOptions {
  readonly account: Account;
  readonly conversationIds: readonly string[];
  readonly history: History;
}

/**
 * Always connected, straight to some instance of chat. Goes away now and then, and resumes on
 * another socket from the last thing that was heard.
 */
export class Talker implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 500, to: 3500 };
  readonly #options: TalkerOptions;
  #socket: ChatSocketClient | undefined;
  #cursor: string | undefined;

  constructor(options: TalkerOptions) {
    this.#options = options;
    this.name = options.account.client.options.user;
    this.random = options.account.client.options.random;
  }

  async step(): Promise<void> {
    const token = await this.#options.account.token();
    if (token === undefined) return;
    if (this.#socket?.isOpen !== true) await this.#connect(token);
    const drawn = this.random.next();
    if (drawn < 0.6) await this.#say();
    else if (drawn < 0.85) await this.#post(token);
    else if (drawn < 0.92) await this.#read(token);
    else if (drawn < 0.96) this.leave();
  }

  leave(): void {
    this.#cursor = this.#socket?.cursor ?? this.#cursor;
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #connect(token: string): Promise<void> {
    const { account, history, conversationIds } = this.#options;
    this.#cursor = this.#socket?.cursor ?? this.#cursor;
    this.#socket = await ChatSocketClient.open({
      ...{ client: account.client, token, only: undefined, conversationIds, direct: true },
      addRecord: (record) => history.sockets.push(record),
    });
    if (this.#cursor !== undefined) await this.#socket?.resume(this.#cursor);
  }

  async #say(): Promise<void> {
    if (this.#socket?.isOpen !== true) return;
    const clientMessageId = randomUUID();
    const conversationId = this.random.pick(this.#options.conversationIds);
    await this.#socket.say(conversationId, clientMessageId, `said ${clientMessageId}`);
  }

  async #post(token: string): Promise<void> {
    const clientMessageId = randomUUID();
    const conversationId = this.random.pick(this.#options.conversationIds);
    const message = { conversationId, clientMessageId, content: `posted ${clientMessageId}` };
    await postMessage(this.#options.account, token, message, true);
  }

  async #read(token: string): Promise<void> {
    const path = `/v1/messages?conversation_id=${this.random.pick(this.#options.conversationIds)}`;
    const request = { token, path, expected: [200], direct: true };
    await this.#options.account.client.send('read messages', request);
  }
}
