import { randomUUID } from 'node:crypto';
import { ChatSocketClient } from '../chat-socket.ts';
import type { History } from '../history.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { probeEndedSession } from './probe.ts';
import type { SimulatedUser } from './user.ts';

export interface ChatterOptions {
  readonly account: Account;
  readonly conversationIds: readonly string[];
  readonly friends: readonly string[];
  readonly history: History;
}

type Step = (token: string) => Promise<unknown>;

/** Talks in conversations by socket and by HTTP, reads, comes and goes. */
export class Chatter implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 200, to: 1400 };
  readonly #options: ChatterOptions;
  readonly #weighted: readonly (readonly [number, Step])[];
  #socket: ChatSocketClient | undefined;
  #last: { conversationId: string; clientMessageId: string; content: string } | undefined;

  constructor(options: ChatterOptions) {
    this.#options = options;
    this.name = options.account.client.options.user;
    this.random = options.account.client.options.random;
    const { account } = options;
    this.#weighted = [
      [30, (token) => this.#say(token)],
      [18, (token) => this.#post(token, randomUUID())],
      [8, (token) => this.#repeat(token)],
      [8, (token) => this.#read(token)],
      [5, (token) => this.#declarePresence(token)],
      [5, (token) => this.#readPresence(token)],
      [4, (token) => account.client.send('profile', { token, expected: [200] })],
      [2, (token) => this.#createConversation(token)],
      [5, () => account.refresh()],
      [6, () => account.logOut()],
      [12, () => probeEndedSession(account, this.random)],
      [3, async () => this.leave()],
    ];
  }

  async step(): Promise<void> {
    const token = await this.#options.account.token();
    if (token === undefined) return;
    const total = this.#weighted.reduce((sum, [weight]) => sum + weight, 0);
    let drawn = this.random.next() * total;
    for (const [weight, step] of this.#weighted) {
      drawn -= weight;
      if (drawn >= 0) continue;
      await step(token);
      return;
    }
  }

  leave(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #say(token: string): Promise<void> {
    const conversationId = this.random.pick(this.#options.conversationIds);
    const only = this.random.chance(0.7) ? conversationId : undefined;
    const direct = this.random.chance(0.5);
    if (this.#socket?.isOpen !== true) this.#socket = await this.#open(token, only, direct);
    const clientMessageId = randomUUID();
    const content = `said ${clientMessageId}`;
    if (this.#socket?.isOpen !== true) return;
    this.#last = { conversationId, clientMessageId, content };
    await this.#socket.say(conversationId, clientMessageId, content);
  }

  #open(token: string, only: string | undefined, direct: boolean) {
    const { account, history, conversationIds } = this.#options;
    return ChatSocketClient.open({
      ...{ client: account.client, token, only, direct },
      conversationIds: only === undefined ? conversationIds : [only],
      addRecord: (record) => history.sockets.push(record),
    });
  }

  async #post(token: string, clientMessageId: string): Promise<void> {
    const conversationId = this.random.pick(this.#options.conversationIds);
    this.#last = { conversationId, clientMessageId, content: `posted ${clientMessageId}` };
    await this.#repeat(token);
  }

  /** The same again, as a client does that has lost a reply. */
  async #repeat(token: string): Promise<void> {
    if (this.#last === undefined) return;
    await postMessage(this.#options.account, token, this.#last, this.random.chance(0.2));
  }

  async #read(token: string): Promise<void> {
    const path = `/v1/messages?conversation_id=${this.random.pick(this.#options.conversationIds)}`;
    await this.#options.account.client.send('read messages', { token, path, expected: [200] });
  }

  async #declarePresence(token: string): Promise<void> {
    const body = { online: this.random.chance(0.8) };
    await this.#options.account.client.send('declare presence', { token, body, expected: [200] });
  }

  async #readPresence(token: string): Promise<void> {
    const path = `/v1/presence?user_ids=${this.#options.friends.join(',')}`;
    await this.#options.account.client.send('read presence', { token, path, expected: [200] });
  }

  async #createConversation(token: string): Promise<void> {
    const body = { type: 'group', title: 'made meanwhile', participant_ids: this.#options.friends };
    await this.#options.account.client.send('create conversation', {
      token,
      body,
      expected: [201],
    });
  }
}

/** Sends a message over HTTP; what is acknowledged is noted with its id. */
export async function postMessage(
  { client }: Account,
  token: string,
  message: { conversationId: string; clientMessageId: string; content: string },
  direct: boolean,
): Promise<void> {
  const { conversationId, clientMessageId, content } = message;
  const body = { conversation_id: conversationId, client_message_id: clientMessageId, content };
  const facts = { conversationId, clientMessageId };
  await client.send('send message', { token, body, expected: [201], facts, direct });
}
