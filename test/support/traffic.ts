import { randomUUID } from 'node:crypto';
import { call, eventually, type Reply, type SampleUser, textField } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { createWorld } from '../conformance/world.ts';
import type { Stack } from './stack.ts';

const refused = (operation: string): string =>
  `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

/** How long a reply may take is the affair of the conformance suite, which sees how busy the machine is. */
const patienceMs = 10_000;

function post(url: string, path: string, body: object, token?: string): Promise<Reply> {
  const options = { body, signal: AbortSignal.timeout(patienceMs) };
  return call(url, 'POST', path, token === undefined ? options : { ...options, token });
}

/** Does one thing over and over until it is told to stop; what it throws fails the test. */
function again(signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  const turn = async (): Promise<void> => {
    while (!signal.aborted) await act();
  };
  return turn();
}

/** The traffic of a test, and what it has seen. */
class Load {
  readonly #stack: Stack;
  readonly acknowledged: string[] = [];
  refreshes = 0;
  refusals = 0;
  #refusedSince: number | undefined;
  longestRefusedMs = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** A login, which fails closed: it measures how long the stack refuses. */
  login(user: SampleUser) {
    const { email, password } = user;
    return async (): Promise<void> => {
      const reply = await post(this.#stack.urls.auth, '/v1/auth/login', { email, password });
      const now = performance.now();
      if (reply.status === 200) {
        this.#refusedSince = undefined;
        return;
      }
      expect([reply.status, reply.text]).toEqual([503, refused('login')]);
      this.refusals += 1;
      this.#refusedSince ??= now;
      this.longestRefusedMs = Math.max(this.longestRefusedMs, now - this.#refusedSince);
    };
  }

  /** A chain of refresh tokens: a refusal leaves the token good, nothing else may break the chain. */
  refresh(user: SampleUser) {
    let token = user.refreshToken;
    return async (): Promise<void> => {
      const { auth } = this.#stack.urls;
      const reply = await post(auth, '/v1/auth/refresh', { refresh_token: token });
      if (reply.status === 503) {
        expect(reply.text).toBe(refused('refresh'));
        return;
      }
      expect(reply.status).toBe(200);
      token = textField(reply.body.data ?? {}, 'refresh_token');
      this.refreshes += 1;
    };
  }

  /** A message, which is stored whatever Redis does. */
  say(user: SampleUser, conversationId: string) {
    return async (): Promise<void> => {
      const body = { conversation_id: conversationId, content: randomUUID() };
      const reply = await post(this.#stack.urls.chat, '/v1/messages', body, user.token);
      expect(reply.status).toBe(201);
      this.acknowledged.push(body.content);
    };
  }

  /** A revoked token, which is never accepted. */
  useRevoked(token: string) {
    return async (): Promise<void> => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${this.#stack.urls.auth}/v1/users/me`, { headers });
      expect(response.status).toBe(401);
      await response.text();
    };
  }
}

/** Everything that was said in a conversation, page by page. */
async function history(stack: Stack, token: string, conversationId: string): Promise<string[]> {
  const contents: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const state = next === '' ? '' : `&page_state=${encodeURIComponent(next)}`;
    const url = `${stack.urls.chat}/v1/messages?conversation_id=${conversationId}&limit=100${state}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const { data }: { data: { messages: { content: string }[]; next_page_state: string | null } } =
      JSON.parse(await response.text());
    contents.push(...data.messages.map(({ content }) => content));
    next = data.next_page_state;
  }
  return contents;
}

/** People of a stack: Ada talks to Bob, and Eve has a token that was revoked. */
export interface People {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly eve: SampleUser;
  readonly conversationId: string;
}

/** What they do, over and over. */
export interface Traffic {
  /** What Ada has said and was told that it is stored. */
  readonly acknowledged: readonly string[];
  /** Resolves when refreshes and messages have gone on for a while; rejects with what broke them. */
  goesOn(): Promise<void>;
  /**
   * Ends it after a failover, in which logins were refused and nothing was lost or doubled. Returns a
   * line that says how it was.
   */
  end(): Promise<string>;
}

/** Registers them. */
export async function createPeople(stack: Stack): Promise<People> {
  const world = createWorld(stack);
  const [ada, bob, eve] = [await world.user(), await world.user(), await world.user()];
  const conversation = await world.data('chat', 'POST', '/v1/conversations', {
    token: ada.token,
    body: { type: 'direct', participant_ids: [bob.userId] },
  });
  await world.data('auth', 'POST', '/v1/auth/logout', { token: eve.token });
  return { ada, bob, eve, conversationId: textField(conversation, 'conversation_id') };
}

/** Ada logs in and talks to Bob, who refreshes; Eve's token is tried. */
export function startTraffic(stack: Stack, { ada, bob, eve, conversationId }: People): Traffic {
  const load = new Load(stack);
  const stop = new AbortController();
  const traffic = Promise.all([
    again(stop.signal, load.login(ada)),
    again(stop.signal, load.refresh(bob)),
    again(stop.signal, load.say(ada, conversationId)),
    again(stop.signal, load.useRevoked(eve.token)),
  ]);
  return {
    acknowledged: load.acknowledged,
    async goesOn() {
      const [refreshes, messages] = [load.refreshes, load.acknowledged.length];
      await Promise.race([
        traffic,
        eventually(
          () => {
            expect(load.refreshes).toBeGreaterThan(refreshes + 20);
            expect(load.acknowledged.length).toBeGreaterThan(messages + 20);
          },
          { timeoutMs: 20_000 },
        ),
      ]);
    },
    async end() {
      stop.abort();
      await traffic;
      expect(load.refusals).toBeGreaterThan(0);
      const stored = await history(stack, ada.token, conversationId);
      expect([...stored].sort()).toEqual([...load.acknowledged].sort());
      return (
        `logins refused for ${Math.round(load.longestRefusedMs)} ms, ` +
        `${load.acknowledged.length} messages, ${load.refreshes} refreshes, 0 lost, 0 doubled`
      );
    },
  };
}
