import { randomUUID } from 'node:crypto';
import { AdminAuditPage, OutboxReport } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRole } from '../src/change-role.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let database: Database;
let token: string;
let adminId: string;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
  const admin = await registerSomeone(auth);
  ({ token, userId: adminId } = admin);
  await changeRole(database, adminId, 'admin');
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

it('are for administrators alone', async () => {
  const { token: others } = await registerSomeone(auth);
  for (const path of ['/v1/admin/audit', '/v1/admin/outbox']) {
    expect((await auth.call('GET', path, { token: others })).status).toBe(403);
    expect((await auth.call('GET', path)).status).toBe(401);
  }
});

describe('the audit log', () => {
  const page = async (query: string) => {
    const { body } = await auth.call('GET', `/v1/admin/audit${query}`, { token });
    return AdminAuditPage.parse(body.data);
  };

  it('is listed newest first, page by page, with nothing that is personal', async () => {
    const { userId } = await registerSomeone(auth);
    await auth.call('POST', `/v1/admin/users/${userId}/end-sessions`, { token });
    const ofAccount = `?user_id=${userId}&limit=1`;
    const first = await eventually(async () => {
      const found = await page(ofAccount);
      expect(found.entries).toMatchObject([
        { action: 'sessions_ended', user_id: userId, actor: 'admin', actor_id: adminId },
      ]);
      return found;
    });
    expect(first.has_more).toBe(true);
    const second = await page(`${ofAccount}&cursor=${first.next_cursor}`);
    expect(second.entries).toMatchObject([{ user_id: userId }]);
    expect(second.entries[0]?.sequence).toBeLessThan(first.entries[0]?.sequence ?? 0);
    const all = await page(`?user_id=${userId}`);
    expect(all.entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['sessions_ended', 'registered']),
    );
    expect(all).toMatchObject({ next_cursor: null, has_more: false });
    expect(JSON.stringify([first, second])).not.toMatch(/address|agent|@/);
  });

  it('refuses a cursor that no page gave', async () => {
    for (const cursor of ['0', 'x', '-1', '1e3']) {
      const reply = await auth.call('GET', `/v1/admin/audit?cursor=${cursor}`, { token });
      expect(reply.status).toBe(400);
      expect(reply.body.error?.details?.[0]?.field).toBe('query.cursor');
    }
  });
});

it('the outbox shows what waits and what was given up, and no content', async () => {
  const insert = (state: string, finishedAt: string | null) =>
    database.execute(
      `INSERT INTO auth.outbox (effect_id, kind, idempotency_key, payload, state, due_at, tries,
         finished_at, last_error)
       VALUES ($1::uuid, 'of-this-test', $1::text, '{"to":"ada@example.com"}', $2, now() + interval '1 hour',
         3, $3::timestamptz, 'ECONNREFUSED')`,
      [randomUUID(), state, finishedAt],
    );
  // The mails of the accounts above are delivered first, so that nothing else changes the counts.
  const before = await eventually(async () => {
    const now = await report();
    expect(now.waiting.count).toBe(0);
    return now;
  });
  await insert('pending', null);
  await insert('dead', new Date().toISOString());
  const { waiting, given_up: givenUp } = await report();
  expect(waiting.count).toBe(1);
  expect(givenUp.count).toBe(before.given_up.count + 1);
  const tried = { kind: 'of-this-test', tries: 3, last_error: 'ECONNREFUSED' };
  expect(waiting.effects).toContainEqual(
    expect.objectContaining({ ...tried, due_at: expect.any(String), given_up_at: null }),
  );
  expect(givenUp.effects).toMatchObject([
    { ...tried, due_at: null, given_up_at: expect.any(String) },
  ]);
  expect(JSON.stringify([waiting, givenUp])).not.toContain('@example.com');
});

async function report(): Promise<OutboxReport> {
  const { body } = await auth.call('GET', '/v1/admin/outbox', { token });
  return OutboxReport.parse(body.data);
}
