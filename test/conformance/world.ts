import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@secureconnect/postgres';
import {
  call,
  eventually,
  type SampleUser,
  type SampleWorld,
  textField,
} from '@secureconnect/testkit';
import { changeRole } from '../../services/auth/src/change-role.ts';
import { sessionIdOf } from '../support/session-id.ts';
import type { Stack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { KnownUsers } from './known-users.ts';

/** Makes what samples need, by the services' own routes. */
export function createWorld(stack: Stack): SampleWorld {
  const data: SampleWorld['data'] = async (service, method, path, request) => {
    // On a busy machine Redis may be too late: a request that is refused for that has done nothing.
    const { status, text, body } = await eventually(
      async () => {
        const reply = await call(stack.urls[service], method, path, request);
        if (reply.status === 503) throw new Error(`${method} ${path} answered 503: ${reply.text}`);
        return reply;
      },
      { timeoutMs: 30_000 },
    );
    if (status >= 300 || body.data === undefined) {
      throw new Error(`${method} ${path} answered ${status}: ${text}`);
    }
    return body.data;
  };
  const mailbox = new Mailbox(stack.mailDirectory);
  const withDatabase = async (act: (database: Database) => Promise<unknown>): Promise<void> => {
    const database = openTestDatabase(stack.databaseUrl, { maxConnections: 1 });
    try {
      await act(database);
    } finally {
      await database.close();
    }
  };
  const knownUsers = new KnownUsers(withDatabase);
  return {
    data,
    // On a busy machine Redis may be too late for the session: such a user cannot do anything.
    user: () => eventually(() => register(data), { timeoutMs: 30_000 }),
    knownUser: () => knownUsers.next(),
    makeAdmin: (userId) => withDatabase((database) => changeRole(database, userId, 'admin')),
    keepRinging: (callId) =>
      withDatabase((database) =>
        database.execute(
          "UPDATE video.calls SET ring_until = now() + interval '10 minutes' WHERE call_id = $1",
          [callId],
        ),
      ),
    holdSocket: (callId, userId) =>
      withDatabase((database) =>
        database.execute(
          `INSERT INTO video.call_sockets (call_id, user_id, session_id, socket_id, heard_at)
           VALUES ($1, $2, 'of a sample', $3, now() + interval '10 minutes')`,
          [callId, userId, randomUUID()],
        ),
      ),
    // Sent by the clock, within a second or so.
    mailedToken: (email) => eventually(() => mailbox.find(email, /^([\w-]{43})\r?$/m), patiently),
    mailed: (email, pattern) => eventually(() => mailbox.find(email, pattern), patiently),
  };
}

async function register(data: SampleWorld['data']): Promise<SampleUser> {
  const username = `user_${randomUUID().slice(0, 12)}`;
  const email = `${username}@example.com`;
  const password = 'correct horse battery';
  const registration = { email, username, password, display_name: username };
  const tokens = await data('auth', 'POST', '/v1/auth/register', { body: registration });
  const token = textField(tokens, 'access_token');
  const refreshToken = textField(tokens, 'refresh_token');
  if (token === '') throw new Error(`${username} was registered without a session`);
  const userId = textField(tokens['user'] as Record<string, unknown>, 'user_id');
  const sessionId = sessionIdOf(refreshToken);
  return { userId, sessionId, email, username, password, token, refreshToken };
}

const patiently = { timeoutMs: 30_000 };

/** The mails of a folder. Many wait for theirs, and no mail changes: each is read once. */
class Mailbox {
  readonly #directory: string;
  readonly #read = new Map<string, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The first part of the newest mail to an address that has what is looked for. */
  async find(email: string, pattern: RegExp): Promise<string> {
    for (const name of (await readdir(this.#directory)).sort().reverse()) {
      const mail = await this.#mail(name);
      if (!mail.includes(`To: ${email}\r\n`)) continue;
      const found = pattern.exec(mail)?.[1];
      if (found !== undefined) return found;
    }
    throw new Error(`no mail to ${email} yet`);
  }

  async #mail(name: string): Promise<string> {
    const mail = this.#read.get(name) ?? (await readFile(join(this.#directory, name), 'utf8'));
    // One that is just being written is empty.
    if (mail !== '') this.#read.set(name, mail);
    return mail;
  }
}
