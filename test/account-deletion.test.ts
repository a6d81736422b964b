import type { Database } from '@secureconnect/postgres';
import { askRedis, call, eventually, preparedExport } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld } from './conformance/world.ts';
import { fileText, livedAddress, liveIn, otherText, sendAs } from './support/lived-account.ts';
import { type Stack, startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';
import { objectsWith, tables, tablesWith } from './support/traces.ts';

/**
 * Every table, and why nothing of a deleted person is in it. A new table belongs here, and its rows
 * of a person in the erasure of its service (stores/personal-data.ts, stores/user-data.ts).
 */
const accounted: Readonly<Record<string, string>> = {
  'auth.account_deletions': 'erased',
  'auth.audit_chain': 'hashes of entries',
  'auth.audit_entries': 'keeps the random id of the account: append-only',
  'auth.audit_failed_logins': 'erased',
  'auth.audit_head': 'one hash',
  'auth.audit_personal': 'erased',
  'auth.audit_unsealed': 'ids of entries',
  'auth.data_exports': 'erased',
  'auth.device_keys': 'erased',
  'auth.drills': 'services and times: who began one is in the audit log',
  'auth.email_change_tokens': 'erased',
  'auth.email_changes': 'erased',
  'auth.email_verifications': 'erased',
  'auth.erased_parts': 'erased',
  'auth.export_chunks': 'erased',
  'auth.export_links': 'erased',
  'auth.export_parts': 'erased',
  'auth.failed_logins': 'erased',
  'auth.friendships': 'erased',
  'auth.key_fetches': 'erased',
  'auth.linked_identities': 'erased',
  'auth.mail_requests': 'erased',
  'auth.oidc_flows': 'erased',
  'auth.one_time_pre_keys': 'erased',
  'auth.outbox': 'erased',
  'auth.passkey_challenges':
    'erased; those of a sign-in have a keyed hash of an address, for minutes',
  'auth.passkeys': 'erased',
  'auth.password_reset_requests': 'erased',
  'auth.password_resets': 'erased',
  'auth.recovery_codes': 'erased',
  'auth.refresh_tokens': 'erased',
  'auth.revocations': 'random ids of ended sessions, for an hour',
  'auth.sessions': 'erased',
  'auth.signing_keys': 'keys of the service',
  'auth.sign_in_challenges': 'erased',
  'auth.token_cutoff': 'one time',
  'auth.totp_factors': 'erased',
  'auth.used_socket_tickets': 'random ids of tickets, for an hour',
  'auth.user_blocks': 'erased',
  'auth.users': 'erased',
  'chat.conversations': 'erased',
  'chat.events': 'erased',
  'chat.file_forwards': 'erased',
  'chat.latest_messages': 'erased',
  'chat.membership_changes': 'erased',
  'chat.messages': 'erased',
  'chat.participants': 'erased',
  'chat.past_participants': 'erased',
  'chat.pins': 'erased',
  'gateway.remediation_requests': 'alerts of machines',
  'gateway.storm_members': 'alerts of machines',
  'storage.file_shares': 'erased',
  'storage.files': 'erased',
  'storage.parts': 'erased',
  'storage.unattached_objects': 'random ids of objects',
  'storage.usage': 'erased',
  'video.call_notices': 'erased',
  'video.call_participants': 'erased',
  'video.call_sockets': 'erased',
  'video.call_quality': 'erased',
  'video.calls': 'erased',
  'video.kept_signals': 'erased',
  'video.outbox': 'erased',
  'video.push_tokens': 'erased',
  'video.rung_devices': 'erased',
  'video.sfu_rooms': 'ids of calls, for minutes after their end',
};

let stack: Stack;
let database: Database;
beforeAll(async () => {
  stack = await startStack();
  database = openTestDatabase(stack.databaseUrl);
});
afterAll(async () => {
  await database.close();
  await stack[Symbol.asyncDispose]();
});

/** Steps that fail in the test, after those before them were committed, as in a crash. */
const steps = [
  ['chat.messages', 'DELETE'],
  ['chat.past_participants', 'DELETE'],
  ['storage.files', 'UPDATE'],
  ['video.call_participants', 'DELETE'],
  ['auth.erased_parts', 'INSERT'],
  ['auth.user_blocks', 'DELETE'],
] as const;

async function breakSteps(): Promise<void> {
  await database.execute(
    `CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'a crash at this step'; END $$`,
  );
  for (const [table, action] of steps) {
    await database.execute(
      `CREATE TRIGGER crash BEFORE ${action} ON ${table} FOR EACH ROW EXECUTE FUNCTION public.crash()`,
    );
  }
}

async function exists(userId: string): Promise<boolean> {
  const rows = await database.query('SELECT 1 FROM auth.users WHERE user_id = $1', [userId]);
  return rows.length > 0;
}

it('accounts for every table', async () => {
  expect(await tables(database)).toEqual(Object.keys(accounted).toSorted());
});

it('erases a person from every store, step by step, and keeps what belongs to others', {
  timeout: 120_000,
}, async () => {
  const world = createWorld(stack);
  const { user } = world;
  const [ada, bob, cleo] = [await user(), await user(), await user()];
  const places = await liveIn(stack, { ada, bob, cleo });
  const texts = [ada.userId, ada.email, ada.username];
  expect(await tablesWith(database, texts)).toEqual(
    expect.arrayContaining([
      ...['auth.users', 'auth.passkeys', 'chat.messages', 'storage.files', 'video.calls'],
      ...['video.call_quality', 'video.push_tokens'],
      ...['auth.totp_factors', 'auth.recovery_codes', 'auth.sign_in_challenges'],
    ]),
  );
  await preparedExport(world, ada);

  await breakSteps();
  const reply = await call(stack.urls.gateway, 'DELETE', '/v1/users/me', { token: ada.token });
  expect(reply.status, JSON.stringify(stack.logs.filter(({ level }) => level === 'error'))).toBe(
    202,
  );
  const { token } = ada;
  expect((await call(stack.urls.gateway, 'GET', '/v1/users/me', { token })).status).toBe(401);
  const body = { email: ada.email, password: ada.password };
  expect((await call(stack.urls.auth, 'POST', '/v1/auth/login', { body })).status).toBe(401);
  // The address is free at once, for nobody can sign in with it any more.
  expect(await tablesWith(database, [ada.email])).not.toContain('auth.users');

  // As after the time that an upload may last.
  await database.execute(
    `UPDATE auth.account_deletions SET started_at = now() - interval '17 minutes'`,
  );
  const rowsOf = async (table: string, column: string): Promise<number> => {
    const text = `SELECT 1 FROM ${table} WHERE ${column} = $1`;
    return (await database.query(text, [ada.userId])).length;
  };
  const repair = (...broken: string[]): Promise<unknown> =>
    Promise.all(broken.map((table) => database.execute(`DROP TRIGGER crash ON ${table}`)));
  const until = (condition: () => Promise<void>): Promise<void> =>
    eventually(condition, { timeoutMs: 30_000 });
  await until(async () => {
    for (const part of ['chat', 'storage', 'video']) {
      expect(stack.logs.map(({ msg }) => msg).join()).toContain(
        `deleted accounts (${part}) failed`,
      );
    }
  });
  await repair('chat.messages');
  // One conversation is erased, and then the crash at noting it.
  await until(async () => expect(await rowsOf('chat.messages', 'sender_id')).toBeLessThan(5));
  expect(await rowsOf('chat.past_participants', 'user_id')).toBeGreaterThan(0);
  await repair('chat.past_participants', 'storage.files', 'video.call_participants');
  await until(async () => {
    expect(await rowsOf('chat.past_participants', 'user_id')).toBe(0);
    expect(await rowsOf('storage.files', 'owner_id')).toBe(0);
    expect(await rowsOf('video.call_participants', 'user_id')).toBe(0);
  });
  expect(await rowsOf('auth.erased_parts', 'user_id')).toBe(0);
  await repair('auth.erased_parts');
  await until(async () => expect(await rowsOf('auth.erased_parts', 'user_id')).toBe(3));
  expect(await exists(ada.userId)).toBe(true);
  await repair('auth.user_blocks');
  await eventually(async () => expect(await exists(ada.userId)).toBe(false), { timeoutMs: 60_000 });

  expect(await tablesWith(database, [...texts, livedAddress, 'the bytes of a person'])).toEqual([
    'auth.audit_entries',
  ]);
  expect(await tablesWith(database, [ada.email, ada.username])).toEqual([]);
  expect(await objectsWith(stack, [fileText])).toEqual([]);

  for (const conversation of [places.direct, places.group, places.left]) {
    const history = await sendAs(stack, bob, 'GET', `/v1/messages?conversation_id=${conversation}`);
    expect(JSON.stringify(history)).toContain(otherText);
    expect(JSON.stringify(history)).not.toContain(ada.userId);
  }
  // The next owner of the group is the one who is left.
  const group = await sendAs(stack, bob, 'GET', `/v1/conversations/${places.group}`);
  expect(JSON.stringify(group)).toContain('"owner"');

  const port = Number(new URL(stack.redis.url).port);
  const keys = await askRedis(port, 'KEYS *');
  for (const key of keys.split('\r\n').filter((line) => line.includes(ada.userId))) {
    // Counts of requests of the last minute, which expire by themselves.
    const seconds = Number((await askRedis(port, `TTL ${key}`)).replace(/^:/, ''));
    expect(seconds, key).toBeGreaterThanOrEqual(-2);
    expect(seconds, key).not.toBe(-1);
    expect(seconds, key).toBeLessThanOrEqual(120);
  }
});
