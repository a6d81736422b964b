import { randomBytes, randomUUID } from 'node:crypto';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startHousekeeping } from '../src/housekeeping.ts';
import { removeExpired } from '../src/stores/housekeeping.ts';

const { database, close } = await openMigratedDatabase(['auth']);
const userId = randomUUID();
beforeAll(async () => {
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     VALUES ($1, 'a@example.com', 'a', 'a', 'A', 'x')`,
    [userId],
  );
});
afterEach(() => vi.useRealTimers());
afterAll(close);

/** One row of each kind, ending so many days from now. */
async function insertRows(endsInDays: number): Promise<void> {
  const sessionId = randomUUID();
  const end = new Date(Date.now() + endsInDays * 86_400_000);
  const hash = () => randomBytes(32);
  for (const [text, values] of [
    ["INSERT INTO auth.revocations VALUES ($1, $2, 'test')", [randomUUID(), end]],
    ['INSERT INTO auth.failed_logins VALUES ($1, 1, $2)', [randomUUID(), end]],
    [
      `INSERT INTO auth.failed_logins (subject, failures, expires_at, in_flight_until)
       VALUES ($1, 0, '-infinity', $2)`,
      [randomUUID(), end],
    ],
    [
      `INSERT INTO auth.mail_requests (purpose, subject, mails, expires_at)
       VALUES ('password_reset', $1, 1, $2)`,
      [randomUUID(), end],
    ],
    [
      `INSERT INTO auth.password_reset_requests (subject, due_at, expires_at)
       VALUES ($1, now(), $2)`,
      [randomUUID(), end],
    ],
    // Nobody has dealt with it yet, however long that takes.
    [
      `INSERT INTO auth.password_reset_requests (subject, email, due_at, expires_at)
       VALUES ($1, 'a@example.com', now(), $2)`,
      [randomUUID(), end],
    ],
    [
      'INSERT INTO auth.password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, $3)',
      [hash(), userId, end],
    ],
    ['INSERT INTO auth.used_socket_tickets VALUES ($1, $2)', [randomUUID(), end]],
    [
      `INSERT INTO auth.sign_in_challenges (challenge_hash, user_id, expires_at)
       VALUES ($1, $2, $3)`,
      [hash(), userId, end],
    ],
    [
      'INSERT INTO auth.sessions (session_id, user_id, expires_at) VALUES ($1, $2, $3)',
      [sessionId, userId, end],
    ],
    [
      'INSERT INTO auth.refresh_tokens (token_hash, session_id) VALUES ($1, $2)',
      [hash(), sessionId],
    ],
  ] as const) {
    await database.execute(text, [...values]);
  }
}

const tables = [
  'revocations',
  'failed_logins',
  'password_resets',
  'mail_requests',
  'password_reset_requests',
  'used_socket_tickets',
  'sessions',
  'refresh_tokens',
  'sign_in_challenges',
];
const counts = async (passwordResets = 'password_resets'): Promise<Record<string, number>> => {
  const names = tables.map((name) => (name === 'password_resets' ? passwordResets : name));
  const counted = names.map(async (table) => {
    const rows = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM auth.${table}`,
    );
    return [table, rows[0]?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
};

describe('housekeeping', () => {
  it('removes what has expired, keeps the rest, and may run twice at once', async () => {
    await insertRows(-2);
    await insertRows(-0.5);
    await insertRows(1);
    await Promise.all([removeExpired(database), removeExpired(database)]);
    // A session that ended lately stays for a day, so that a replayed token is known as one.
    expect(await counts()).toEqual({
      revocations: 1,
      failed_logins: 2,
      password_resets: 1,
      mail_requests: 1,
      password_reset_requests: 4,
      used_socket_tickets: 1,
      sessions: 2,
      refresh_tokens: 2,
      sign_in_challenges: 1,
    });
  });

  it('removes a session of many refreshes, and many sessions, in statements of bounded size', async () => {
    for (let session = 0; session < 3; session += 1) await insertRows(-3);
    const tokens = 5;
    await database.execute(
      `INSERT INTO auth.refresh_tokens (token_hash, session_id)
       SELECT uuid_send(gen_random_uuid()), session_id FROM auth.sessions, generate_series(1, $1)
       WHERE expires_at < now() - interval '2 days'`,
      [tokens],
    );
    const sizes: number[] = [];
    await removeExpired(
      {
        query: (text, values) => database.query(text, values),
        async execute(text, values) {
          const removed = await database.execute(text, values);
          // The sessions themselves have a bound of their own.
          if (!text.includes('FROM auth.sessions')) sizes.push(removed);
          return removed;
        },
      },
      2,
    );
    expect(Math.max(...sizes)).toBe(2);
    expect(await counts()).toMatchObject({ sessions: 2, refresh_tokens: 2, revocations: 1 });
  });

  it('removes an enrolment that was not confirmed in time, and never a factor', async () => {
    const enrol = (age: string, confirmed: boolean) =>
      database.execute(
        `INSERT INTO auth.totp_factors (user_id, factor_id, encrypted_secret, created_at, confirmed_at)
         VALUES ($1, $2, '', now() - $3::interval, CASE WHEN $4 THEN now() END)
         ON CONFLICT (user_id) DO UPDATE SET
           created_at = excluded.created_at, confirmed_at = excluded.confirmed_at`,
        [userId, randomUUID(), age, confirmed],
      );
    const left = async (): Promise<number> => {
      await removeExpired(database);
      return (await database.query('SELECT 1 FROM auth.totp_factors')).length;
    };
    await enrol('9 minutes', false);
    expect(await left()).toBe(1);
    await enrol('11 minutes', true);
    expect(await left()).toBe(1);
    await enrol('11 minutes', false);
    expect(await left()).toBe(0);
  });

  it('runs every ten minutes or so until it is stopped, whatever fails', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const lines: string[] = [];
    const write = (line: string): unknown => lines.push(line);
    const stop = startHousekeeping(database, createLogger({ service: 'a', level: 'info', write }));
    await insertRows(-2);
    await database.execute('ALTER TABLE auth.password_resets RENAME TO hidden');
    vi.advanceTimersByTime(660_000);
    await eventually(() => expect(lines.join('')).toContain('removal of expired rows failed'));
    // Nothing else is kept.
    expect(await counts('hidden')).toMatchObject({ sessions: 2, revocations: 1 });
    await database.execute('ALTER TABLE auth.hidden RENAME TO password_resets');
    vi.advanceTimersByTime(660_000);
    await eventually(async () => expect(await counts()).toMatchObject({ sessions: 2 }));
    await stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
