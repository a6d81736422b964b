import { randomUUID } from 'node:crypto';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const path = '/v1/users/me/export';

/** As the other services do. */
async function writeOtherParts(exportId: unknown): Promise<void> {
  for (const part of ['chat', 'video', 'storage']) {
    await rowsOf(
      auth,
      `INSERT INTO auth.export_parts (export_id, part, attempt_id, leased_until, written_at)
       VALUES ($1, $2, $3, now(), now())`,
      [String(exportId), part, randomUUID()],
    );
  }
}

async function readyExport(token: string) {
  const requested = await auth.call('POST', path, { token });
  const exportId = requested.body.data?.['export_id'];
  await writeOtherParts(exportId);
  await eventually(async () => {
    const reply = await auth.call('GET', path, { token });
    expect(reply.body.data?.['state']).toBe('ready');
  });
  return String(exportId);
}

it('needs a sign-in or step-up of the last five minutes, for the request and for each link', async () => {
  const { access_token: token, user } = await registerSomeone(auth);
  const age = () =>
    rowsOf(
      auth,
      `UPDATE auth.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = $1`,
      [user.user_id],
    );
  await readyExport(token);
  await age();
  for (const asked of [path, `${path}/link`]) {
    const reply = await auth.call('POST', asked, { token });
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('STEP_UP_REQUIRED');
  }
});

it('is one export within an hour, audited and mailed once, from concurrent requests too', async () => {
  const { access_token: token, user, email } = await registerSomeone(auth);
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => auth.call('POST', path, { token })),
  );
  expect(replies.map(({ status }) => status)).toEqual(Array(5).fill(202));
  const ids = new Set(replies.map(({ body }) => body.data?.['export_id']));
  expect(ids.size).toBe(1);
  expect(await readyExport(token)).toBe([...ids][0]);
  const entries = await rowsOf(
    auth,
    `SELECT 1 FROM auth.audit_entries WHERE user_id = $1 AND action = 'data_export_requested'`,
    [user.user_id],
  );
  expect(entries).toHaveLength(1);
  await eventually(async () => {
    const mails = await auth.mailsTo(email);
    expect(mails.filter((mail) => mail.includes('export of your data is ready'))).toHaveLength(1);
  });
  await rowsOf(
    auth,
    `UPDATE auth.data_exports SET requested_at = now() - interval '2 hours' WHERE user_id = $1`,
    [user.user_id],
  );
  const later = await auth.call('POST', path, { token });
  expect(ids.has(later.body.data?.['export_id'])).toBe(false);
  expect(later.body.data?.['state']).toBe('preparing');
});

it('has no link before it is ready, and none for a user without an export', async () => {
  const { access_token: token } = await registerSomeone(auth);
  expect((await auth.call('GET', path, { token })).status).toBe(404);
  expect((await auth.call('POST', `${path}/link`, { token })).status).toBe(404);
  await auth.call('POST', path, { token });
  expect((await auth.call('POST', `${path}/link`, { token })).status).toBe(409);
});

it('goes with the account', async () => {
  const { access_token: token } = await registerSomeone(auth);
  const exportId = await readyExport(token);
  expect((await auth.call('POST', `${path}/link`, { token })).status).toBe(200);
  expect((await auth.call('DELETE', '/v1/users/me', { token })).status).toBe(202);
  for (const table of ['data_exports', 'export_parts', 'export_chunks', 'export_links']) {
    const left = await rowsOf(auth, `SELECT 1 FROM auth.${table} WHERE export_id = $1`, [exportId]);
    expect(left, table).toEqual([]);
  }
});
