import { setTimeout as delay } from 'node:timers/promises';
import { Tokens } from '@secureconnect/contracts';
import { call, type Reply } from '@secureconnect/testkit';
import type { Processes, ProcessName } from './processes.ts';

/** A route of each service that takes any valid token. */
const asked: readonly (readonly [ProcessName, string])[] = [
  ['auth', '/v1/users/me'],
  ['chat', '/v1/conversations'],
];
/** What login and refresh reply. */
const NewTokens = Tokens.omit({ user: true });
const signInEveryMs = 1000;
const askEveryMs = 2000;

interface Request {
  readonly service: ProcessName;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

/**
 * Signs in, refreshes and gets tickets every second, and uses every access token at both services
 * from its issue until after its end.
 */
export class TokenLoad {
  /** Replies that were not the right ones, and requests without a reply. */
  readonly failures: string[] = [];
  requests = 0;
  /** Access tokens by their algorithm: how many were issued, and how many refused after their end. */
  readonly issued = new Map<string, number>();
  readonly ended = new Map<string, number>();
  readonly #urls: Processes['urls'];
  readonly #account: Account;
  readonly #signingIn: Promise<void>;
  readonly #using: Promise<void>[] = [];
  #isStopped = false;

  constructor(urls: Processes['urls'], account: Account) {
    this.#urls = urls;
    this.#account = account;
    this.#signingIn = this.#signIns();
  }

  /** Signs in no more; resolves when the last token has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#signingIn;
    await Promise.all(this.#using);
  }

  async #signIns(): Promise<void> {
    const auth = { service: 'auth', method: 'POST' } as const;
    while (!this.#isStopped) {
      const nextAt = performance.now() + signInEveryMs;
      const login = { ...auth, path: '/v1/auth/login', body: this.#account };
      const first = this.#tokensOf(await this.#send(login, 200));
      const body = { refresh_token: first?.refresh_token };
      const refresh = { ...auth, path: '/v1/auth/refresh', body };
      const second = this.#tokensOf(await this.#send(refresh, 200));
      for (const tokens of [first, second]) {
        if (tokens !== undefined) this.#using.push(this.#use(tokens.access_token));
      }
      await this.#send({ ...auth, path: '/v1/ws/ticket', token: second?.access_token ?? '' }, 201);
      await delay(Math.max(0, nextAt - performance.now()));
    }
  }

  async #use(token: string): Promise<void> {
    const algorithm = String(jsonPart(token, 0)['alg']);
    increment(this.issued, algorithm);
    const endsAtMs = Number(jsonPart(token, 1)['exp']) * 1000;
    while (Date.now() < endsAtMs) {
      for (const [service, path] of asked) {
        await this.#send({ service, method: 'GET', path, token }, 200, endsAtMs);
      }
      await delay(askEveryMs);
    }
    for (const [service, path] of asked) {
      await this.#send({ service, method: 'GET', path, token }, 401);
    }
    increment(this.ended, algorithm);
  }

  /** Undefined without a reply. With `endsAtMs`, a 401 is right if the token has ended by then. */
  async #send(request: Request, expected: number, endsAtMs?: number): Promise<Reply | undefined> {
    const { service, method, path, token, body } = request;
    this.requests += 1;
    try {
      const options = { ...(token && { token }), ...(body && { body }) };
      const reply = await call(this.#urls[service], method, path, options);
      const hasEnded = endsAtMs !== undefined && Date.now() >= endsAtMs;
      if (reply.status !== expected && !(hasEnded && reply.status === 401)) {
        this.failures.push(`${service} ${method} ${path}: ${reply.status} ${reply.text}`);
      }
      return reply;
    } catch (error) {
      this.failures.push(`${service} ${method} ${path}: ${error}`);
      return undefined;
    }
  }

  /** Undefined if the reply has none, which was counted as a failure. */
  #tokensOf(reply: Reply | undefined): Pick<Tokens, 'access_token' | 'refresh_token'> | undefined {
    return NewTokens.safeParse(reply?.body.data).data;
  }
}

function jsonPart(token: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString());
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
