import type { IncomingMessage, RequestListener } from 'node:http';
import { freePort } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startGateway, startUpstream, type TestGateway, type TestUpstream } from './harness.ts';

export interface FrontOptions {
  readonly hasChat: boolean;
}

/** A gateway before a service that does what the test says. */
export class Front {
  /** Where nobody listens; chat is said to be there, unless the front has a chat. */
  deadPort = 0;
  readonly #hasChat: boolean;
  /** What the service does; "normal" at the beginning of each test. */
  handle: RequestListener = normal;
  /** Each test stands behind an address of its own, so that none meets another's limits. */
  from = { 'x-forwarded-for': '' };
  #tests = 0;
  #gateway: TestGateway | undefined;
  #upstream: TestUpstream | undefined;

  constructor({ hasChat }: FrontOptions) {
    this.#hasChat = hasChat;
  }

  get gateway(): TestGateway {
    if (this.#gateway === undefined) throw new Error('the gateway was not started');
    return this.#gateway;
  }

  get upstream(): TestUpstream {
    if (this.#upstream === undefined) throw new Error('the service was not started');
    return this.#upstream;
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...this.from, ...init.headers };
    return fetch(`${this.gateway.url}${path}`, { ...init, headers });
  }

  async start(stack: AsyncDisposableStack): Promise<void> {
    this.#upstream = stack.use(
      await startUpstream((request, reply) => this.handle(request, reply)),
    );
    const { origin } = this.#upstream;
    this.deadPort = await freePort();
    const dead = `http://127.0.0.1:${this.deadPort}`;
    const environment = {
      AUTH_URL: origin,
      STORAGE_URL: origin,
      CHAT_URL: this.#hasChat ? origin : dead,
      VIDEO_URL: `${dead},${origin}`,
      GATEWAY_TRUSTED_PROXIES: 'loopback',
    };
    const overrides = { timeouts: { connectMs: 300, headersMs: 1000, idleMs: 1000 } };
    this.#gateway = stack.use(await startGateway({ environment, overrides }));
  }

  begin(): void {
    this.#tests += 1;
    this.from = { 'x-forwarded-for': `203.0.113.${this.#tests}` };
    this.handle = normal;
  }
}

const normal: RequestListener = (_request, reply) => reply.end('normal');

/** A front for the tests of one file. */
export function useFront(options: FrontOptions = { hasChat: false }): Front {
  const front = new Front(options);
  const stack = new AsyncDisposableStack();
  beforeAll(() => front.start(stack));
  beforeEach(() => front.begin());
  afterAll(() => stack.disposeAsync());
  return front;
}

export async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
