import { type Chat, Client, MemoryStore } from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import type { AppRecord } from '../history.ts';
import type { Random } from '../random.ts';
import { fetchFromAnywhere } from './fetch-from-anywhere.ts';
import type { SimulatedUser } from './user.ts';

export interface AppUserOptions {
  readonly name: string;
  readonly random: Random;
  readonly gatewayUrl: string;
  readonly now: () => number;
}

/** What waits in the outbox at the end may be sent after the last outage. */
const longestOutboxMs = 60_000;

/** An app on packages/client: what it says and hears is judged as its person sees it. */
export class AppUser implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 500, to: 3000 };
  readonly record: AppRecord;
  readonly #options: AppUserOptions;
  /** What a page leaves behind. */
  readonly #store = new MemoryStore();
  #client: Client;
  #chat: Chat | undefined;

  constructor(options: AppUserOptions) {
    this.#options = options;
    this.name = options.name;
    this.random = options.random;
    this.record = { user: options.name, conversationIds: [], said: [], refused: [], heard: [] };
    this.#client = this.#newClient();
  }

  /** Makes the account; returns its id. */
  async register(): Promise<string> {
    const email = `${this.name}-${this.random.integer(0, 1e9)}@example.com`;
    const { user_id } = await this.#client.signUp({
      ...{ email, username: email.replaceAll(/\W/g, '_'), display_name: this.name },
      password: 'correct horse battery',
    });
    return user_id;
  }

  /** Hears its conversations from now on. */
  async open(): Promise<void> {
    const opened = Promise.withResolvers<void>();
    await this.#openChat(opened.resolve);
    await opened.promise;
  }

  async step(): Promise<void> {
    if (this.random.chance(0.12)) await this.#loadAgain();
    else await this.#say();
  }

  /** Waits until nothing waits to be sent. */
  async settle(): Promise<void> {
    await eventually(
      async () => {
        const waiting = (await this.#chat?.outbox.entries()) ?? [];
        if (waiting.length > 0) throw new Error(`${this.name} has not sent ${waiting.length}`);
      },
      { timeoutMs: longestOutboxMs, intervalMs: 200 },
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #say(): Promise<void> {
    const conversation_id = this.random.pick(this.record.conversationIds);
    const client_message_id = crypto.randomUUID();
    this.record.said.push({ clientMessageId: client_message_id, conversationId: conversation_id });
    const message = { conversation_id, client_message_id, content: `app ${client_message_id}` };
    // Its outcome is told to the page that is open by then, as the promise may be of a former one.
    this.#chat?.send(message).catch(() => undefined);
  }

  async #loadAgain(): Promise<void> {
    await this.#client.close();
    this.#client = this.#newClient();
    await this.#openChat();
  }

  async #openChat(onOpen: () => void = () => undefined): Promise<void> {
    this.#chat = await this.#client.openChat({
      onState: (state) => {
        if (state === 'open') onOpen();
      },
      onEvent: (event) => {
        if (event.type !== 'chat') return;
        const { message_id: messageId } = event.data;
        this.record.heard.push({ messageId, atMs: this.#options.now() });
      },
      onOutcome: (outcome) => {
        if ('refusal' in outcome) this.record.refused.push({ ...outcome.refusal, id: outcome.id });
      },
    });
  }

  #newClient(): Client {
    const { gatewayUrl: baseUrl } = this.#options;
    return new Client({ baseUrl, store: this.#store, fetch: fetchFromAnywhere });
  }
}
