import { setTimeout as delay } from 'node:timers/promises';
import { Client, LostReplyError, MemoryStore, RefusedError } from '@secureconnect/client';
import { type Call, CallOverError, type Calls, openCalls } from '@secureconnect/client/calls';
import type { AppCallRecord } from '../history.ts';
import { fetchFromAnywhere } from './fetch-from-anywhere.ts';

export interface AppPhoneOptions {
  readonly name: string;
  readonly gatewayUrl: string;
  readonly now: () => number;
  readonly record: (call: AppCallRecord) => void;
}

/** An app on packages/client that rings and calls, without media; its page may be loaded again. */
export class AppPhone {
  readonly #options: AppPhoneOptions;
  /** What a page leaves behind. */
  readonly #store = new MemoryStore();
  readonly #watched = new WeakSet<Call>();
  #client: Client;
  #calls: Calls | undefined;

  constructor(options: AppPhoneOptions) {
    this.#options = options;
    this.#client = this.#newClient();
  }

  get client(): Client {
    return this.#client;
  }

  /** Those that are not over as its person is told. */
  get calls(): readonly Call[] {
    return this.#calls?.calls ?? [];
  }

  /** Makes the account, and rings from now on. @returns its id */
  async open(number: number): Promise<string> {
    const { name } = this.#options;
    const username = `${name}_${number}`.replaceAll('-', '_');
    const { user_id } = await this.#client.signUp({
      ...{ email: `${username}@example.com`, username, display_name: name },
      password: 'correct horse battery',
    });
    const opened = Promise.withResolvers<void>();
    await this.#openCalls(opened.resolve);
    await opened.promise;
    return user_id;
  }

  async loadAgain(): Promise<void> {
    await this.#client.close();
    this.#client = this.#newClient();
    await this.#openCalls();
  }

  /** The call with this id when it rings; undefined where it does not. */
  async rings(callId: string, withinMs: number): Promise<Call | undefined> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const call = this.calls.find(({ id, state }) => id === callId && state === 'incoming');
      if (call !== undefined || performance.now() > deadlineMs) return call;
      await delay(50);
    }
  }

  async start(conversationId: string): Promise<Call | undefined> {
    const newCall = { conversation_id: conversationId, call_type: 'audio' } as const;
    const call = await attempt(this.#calls?.start(newCall));
    return call && this.#watch(call);
  }

  async join(callId: string): Promise<Call | undefined> {
    const call = await attempt(this.#calls?.join(callId));
    return call && this.#watch(call);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #openCalls(onOpen: () => void = () => undefined): Promise<void> {
    this.#calls = await openCalls(this.#client, {
      onIncoming: (call) => void this.#watch(call),
      onState: (state) => {
        if (state === 'open') onOpen();
      },
    });
  }

  #watch(call: Call): Call {
    if (this.#watched.has(call)) return call;
    this.#watched.add(call);
    const { name: user, now, record } = this.#options;
    const wasAnswered = call.state === 'active';
    const seen: AppCallRecord = { user, callId: call.id, toldMs: now(), wasAnswered, ends: [] };
    const end = () => seen.ends.push({ reason: String(call.endReason), atMs: now() });
    if (call.state === 'ended') end();
    call.subscribe((change) => {
      if (call.state === 'active') seen.wasAnswered = true;
      if (change === 'ended') end();
    });
    record(seen);
    return call;
  }

  #newClient(): Client {
    const { gatewayUrl: baseUrl } = this.#options;
    return new Client({ baseUrl, store: this.#store, fetch: fetchFromAnywhere });
  }
}

/** What is refused, or over meanwhile, is nothing to a person; what else fails ends the run. */
export async function attempt<Result>(
  work: Promise<Result> | undefined,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    const isRight = [RefusedError, LostReplyError, CallOverError].some(
      (kind) => error instanceof kind,
    );
    if (!isRight) throw error;
    return undefined;
  }
}
