import { randomUUID } from 'node:crypto';
import {
  type ChatEvent,
  Client,
  type ClientOptions,
  MemoryStore,
  type Schemas,
} from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import { Network } from '../support/network.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Somebody whose way to the gateway can be broken. */
export interface Person {
  readonly email: string;
  readonly username: string;
  readonly userId: string;
  readonly store: MemoryStore;
  readonly network: Network;
  /** A new page, or one that was loaded again: over the same store. */
  open(more?: Partial<ClientOptions>): Client;
  /** The tokens of a new session, for `client.adopt` in a browser: its pages share one address. */
  newSession(): Promise<Schemas['Tokens']>;
}

/** A stack, and people with clients of it. */
export class ClientWorld implements AsyncDisposable {
  readonly stack: Stack;
  /** Everybody's. */
  readonly password = 'correct horse battery';
  readonly #parts = new AsyncDisposableStack();
  #people = 0;

  private constructor(stack: Stack) {
    this.stack = this.#parts.use(stack);
  }

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<ClientWorld> {
    return new ClientWorld(await startStack(environment));
  }

  async person(): Promise<Person> {
    const { port } = new URL(this.stack.urls.gateway);
    const network = this.#parts.use(await Network.to(Number(port)));
    const store = new MemoryStore();
    const address = this.#newAddress();
    const open = (more: Partial<ClientOptions> = {}) => {
      const baseUrl = `http://127.0.0.1:${network.port}`;
      const client = new Client({ baseUrl, store, fetch: fetchFrom(address), ...more });
      this.#parts.defer(() => client.close());
      return client;
    };
    const username = `user_${randomUUID().slice(0, 12)}`;
    const email = `${username}@example.com`;
    const account = { email, username, password: this.password, display_name: username };
    const client = open();
    // On a busy machine a store may be too late: a request that is refused for that has done nothing.
    const { user_id: userId } = await eventually(() => client.signUp(account), {
      timeoutMs: 15_000,
    });
    const newSession = () => this.#newSession(email);
    return { email, username, userId, store, network, open, newSession };
  }

  /** A new person's page. */
  async page(): Promise<{ person: Person; client: Client; network: Network }> {
    const person = await this.person();
    return { person, client: person.open(), network: person.network };
  }

  /** Two people with a conversation. */
  async pair(): Promise<{ ada: Person; bob: Person; conversationId: string }> {
    const [ada, bob] = [await this.person(), await this.person()];
    const { conversation_id: conversationId } = await ada.open().request('POST /v1/conversations', {
      body: { type: 'direct', participant_ids: [bob.userId] },
    });
    return { ada, bob, conversationId };
  }

  async #newSession(email: string): Promise<Schemas['Tokens']> {
    const response = await fetchFrom(this.#newAddress())(
      `${this.stack.urls.gateway}/v1/auth/login`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: this.password }),
      },
    );
    if (response.status !== 200) throw new Error(`the login was answered ${response.status}`);
    const { data } = (await response.json()) as { readonly data: Schemas['Tokens'] };
    return data;
  }

  #newAddress(): string {
    this.#people += 1;
    return `203.0.113.${this.#people}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

/** Everybody has an address of their own, as limits are by address. */
function fetchFrom(address: string): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('x-forwarded-for', address);
    return fetch(input, { ...init, headers });
  };
}

/** The contents of the messages among some events, in their order. */
export function contentsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'chat' ? [event.data.content] : []));
}

/** Waits until an open chat shows these states last. */
export function untilState(states: readonly string[], last: string): Promise<void> {
  return eventually(
    () => {
      if (states.at(-1) !== last) throw new Error(`the states are ${states.join(', ')}`);
    },
    { timeoutMs: 15_000 },
  );
}
