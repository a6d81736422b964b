import { createHash } from 'node:crypto';
import { textField } from '@secureconnect/testkit';
import { sessionIdOf } from '../../support/session-id.ts';
import type { Client, Reply } from '../client.ts';

interface Session {
  readonly access: string;
  readonly refresh: string;
}

/** A session that was ended, as a reply confirmed; its tokens must be of no use. */
export interface EndedSession extends Session {
  readonly revokedAtMs: number;
}

export const password = 'correct horse battery';
/** More than the limit and one hand-over. */
const refreshesOfFaulty = 25;
/** Refused means that nothing has happened; no reply, that nobody knows. */
const wasRefused = (status: number): boolean => status === 503 || status === 429;
let made = 0;

/** A user with a session, as a client program would keep one. */
export class Account {
  readonly client: Client;
  readonly email: string;
  readonly username: string;
  readonly ended: EndedSession[] = [];
  #session: Session | undefined;

  constructor(client: Client) {
    made += 1;
    this.client = client;
    this.username = `user_${process.pid}_${made}`;
    this.email = `${this.username}@example.com`;
  }

  get userId(): string {
    if (this.client.userId === undefined) throw new Error(`${this.username} is not registered`);
    return this.client.userId;
  }

  /** The address as it stands in the history. */
  get subject(): string {
    return createHash('sha256').update(this.email).digest('hex').slice(0, 12);
  }

  /** False where registration was not acknowledged. */
  async register(): Promise<boolean> {
    const { email, username } = this;
    const body = { email, username, password, display_name: username };
    const { status, data } = await this.client.send('register', { body, expected: [201] });
    if (status !== 201) return false;
    this.client.userId = textField(data['user'] as Record<string, unknown>, 'user_id');
    this.#take(data);
    return true;
  }

  /** The access token, after a login where there is none; undefined where that is refused. */
  async token(): Promise<string | undefined> {
    if (this.#session === undefined) {
      const { status, data } = await this.tryPassword('right', [200]);
      if (status === 200) this.#take(data);
    }
    return this.#session?.access;
  }

  tryPassword(which: 'right' | 'wrong', expected: readonly number[]): Promise<Reply> {
    const body = { email: this.email, password: which === 'right' ? password : 'a wrong guess' };
    const facts = { subject: this.subject, password: which };
    return this.client.send('login', { body, expected, facts });
  }

  async refresh(): Promise<void> {
    if (this.#session === undefined) return;
    const body = { refresh_token: this.#session.refresh };
    const { status, data } = await this.client.send('refresh', { body, expected: [200] });
    if (status === 200) this.#take(data);
    else if (!wasRefused(status)) this.#session = undefined;
  }

  /** Refreshes so often, as a program with a fault does, that the limit of the session is met. */
  async refreshTooOften(): Promise<void> {
    for (let left = refreshesOfFaulty; left > 0 && this.#session !== undefined; left -= 1) {
      await this.refresh();
    }
  }

  /** Loses the reply to a refresh and sends the same token again, as a client on a bad line does. */
  async refreshLosingReply(): Promise<void> {
    if (this.#session === undefined) return;
    const body = { refresh_token: this.#session.refresh };
    const lost = await this.client.send('refresh', { body, expected: [200] });
    if (lost.status !== 200) {
      if (!wasRefused(lost.status)) this.#session = undefined;
      return;
    }
    this.#take(lost.data);
    // 401 is right only for a retry that arrived too late, which the invariant looks at.
    const facts = { retryOf: lost.operation.id };
    const again = await this.client.send('refresh', { body, facts, expected: [200, 401] });
    if (again.status === 200) this.#take(again.data);
    else if (!wasRefused(again.status)) this.#session = undefined;
  }

  /** Logs in on a second device and ends the first one from there. */
  async changeDevice(): Promise<void> {
    const first = this.#session;
    if (first === undefined) return;
    const { status, data } = await this.tryPassword('right', [200]);
    if (status !== 200) return;
    this.#take(data);
    const { status: ended, operation } = await this.client.send('end device', {
      path: `/v1/users/me/sessions/${sessionIdOf(first.refresh)}`,
      ...(this.#session === undefined ? {} : { token: this.#session.access }),
      expected: [200],
    });
    if (ended === 200) this.ended.push({ ...first, revokedAtMs: operation.endMs });
  }

  async logOut(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { status, operation } = await this.client.send('logout', {
      token: session.access,
      expected: [200],
    });
    if (status === 200) this.ended.push({ ...session, revokedAtMs: operation.endMs });
    if (status !== 503) this.#session = undefined;
  }

  #take(data: Readonly<Record<string, unknown>>): void {
    const access = textField(data, 'access_token');
    const refresh = textField(data, 'refresh_token');
    // Registered while Redis was away: without a session, to log in later.
    this.#session = access === '' ? undefined : { access, refresh };
  }
}
