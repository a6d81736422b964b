import {
  type Chat,
  Client,
  LostReplyError,
  MemoryStore,
  RefusedError,
  SignedOutError,
} from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import { Network } from '../../support/network.ts';
import type { AppRecord } from '../history.ts';
import { byShare, type Random } from '../random.ts';
import { fetchFromAnywhere } from './fetch-from-anywhere.ts';
import type { SimulatedUser } from './user.ts';

export interface AppUserOptions {
  readonly name: string;
  readonly random: Random;
  readonly gatewayUrl: string;
  readonly now: () => number;
}

/** How often each is among a hundred steps. To `cut`: every connection of the device is reset. */
const shares = { say: 82, 'load again': 8, cut: 7, 'sign out': 3 } as const;
const steps = byShare(shares);

const password = 'correct horse battery';
/** What waits in the outbox at the end may be sent after the last outage. */
const maxOutboxMs = 60_000;

/**
 * An app on packages/client: what it says and hears is judged as its person sees it. Its page is
 * loaded again, its connections are reset, and its person signs out and in again.
 */
export class AppUser implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 500, to: 3500 };
  readonly record: AppRecord;
  readonly #options: AppUserOptions;
  readonly #network: Network;
  readonly #email: string;
  /** What a page leaves behind. */
  readonly #store = new MemoryStore();
  #client: Client;
  #chat: Chat | undefined;
  #isSignedIn = false;

  private constructor(options: AppUserOptions, network: Network) {
    this.#options = options;
    this.#network = network;
    this.name = options.name;
    this.random = options.random;
    this.#email = `${this.name}-${this.random.integer(0, 1e9)}@example.com`;
    this.record = {
      ...{ user: options.name, conversationIds: [], said: [], sent: [], refused: [], heard: [] },
    };
    this.#client = this.#newClient();
  }

  /** A user without an account yet. */
  static async create(options: AppUserOptions): Promise<AppUser> {
    return new AppUser(options, await Network.to(Number(new URL(options.gatewayUrl).port)));
  }

  /** Makes the account; returns its id. */
  async register(): Promise<string> {
    const username = this.#email.replaceAll(/\W/g, '_');
    const { user_id } = await this.#client.signUp({
      ...{ email: this.#email, username, display_name: this.name, password },
    });
    this.#isSignedIn = true;
    return user_id;
  }

  /** Hears its conversations from now on. */
  async open(): Promise<void> {
    const opened = Promise.withResolvers<void>();
    await this.#openChat(opened.resolve);
    await opened.promise;
  }

  async step(): Promise<void> {
    if (!this.#isSignedIn) return this.#signIn();
    const step = this.random.pick(steps);
    if (step === 'load again') await this.#loadAgain();
    else if (step === 'cut') this.#network.reset();
    else if (step === 'sign out') await this.#signOut();
    else this.#say();
  }

  /** Waits until nothing waits to be sent. */
  async settle(): Promise<void> {
    await eventually(
      async () => {
        if (!this.#isSignedIn) await this.#signIn();
        if (!this.#isSignedIn) throw new Error(`${this.name} cannot sign in`);
        const waiting = (await this.#chat?.outbox.entries()) ?? [];
        if (waiting.length > 0) throw new Error(`${this.name} has not sent ${waiting.length}`);
      },
      { timeoutMs: maxOutboxMs, intervalMs: 200 },
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#network[Symbol.asyncDispose]();
  }

  #say(): void {
    const conversation_id = this.random.pick(this.record.conversationIds);
    const client_message_id = crypto.randomUUID();
    this.record.said.push({ clientMessageId: client_message_id, conversationId: conversation_id });
    const message = { conversation_id, client_message_id, content: `app ${client_message_id}` };
    // Its outcome is told to the page that is open by then, as the promise may be of a former one.
    this.#chat?.send(message).catch(() => undefined);
  }

  async #loadAgain(): Promise<void> {
    await this.#newPage();
    await this.#openChat();
  }

  /** Where the server refuses that for now, the person stays. */
  async #signOut(): Promise<void> {
    if (!(await isDone(this.#client.signOut()))) return;
    this.#isSignedIn = false;
    await this.#newPage();
  }

  /** Where the server refuses that for now, the next step tries it again. */
  async #signIn(): Promise<void> {
    await this.#newPage();
    if (!(await isDone(this.#client.signIn({ email: this.#email, password })))) return;
    this.#isSignedIn = true;
    await this.#openChat();
  }

  async #newPage(): Promise<void> {
    await this.#client.close();
    this.#client = this.#newClient();
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
        const { id } = outcome;
        if ('refusal' in outcome) this.record.refused.push({ ...outcome.refusal, id });
        else this.record.sent.push({ clientMessageId: id, messageId: outcome.message.message_id });
      },
    });
  }

  #newClient(): Client {
    const client: Client = new Client({
      ...{
        baseUrl: `http://127.0.0.1:${this.#network.port}`,
        store: this.#store,
        fetch: fetchFromAnywhere,
      },
      // A sign-out whose reply was lost is news to its page.
      onSignedOut: () => {
        if (client === this.#client) this.#isSignedIn = false;
      },
    });
    return client;
  }
}

/** Whether it was done; what is refused, or has lost its reply, was not, as its person sees it. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const isRight = [RefusedError, LostReplyError, SignedOutError].some(
      (kind) => error instanceof kind,
    );
    if (!isRight) throw error;
    return false;
  }
}
