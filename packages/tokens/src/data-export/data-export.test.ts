import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportList } from './export-list.ts';
import { sqlList } from './export-list.ts';
import { claimPart, finishPart, insertChunk, renewLease } from './export-part-rows.ts';
import { ExportText } from './export-text.ts';
import { startExporting } from './start-exporting.ts';

let stack: AsyncDisposableStack;
let database: Database;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const server = stack.use(await migratedDatabase(['auth']));
  database = openDatabase({ url: server.url });
  stack.defer(() => database.close());
});
afterAll(() => stack.disposeAsync());

async function newUser(): Promise<string> {
  const userId = randomUUID();
  const name = `u_${userId.slice(0, 12)}`;
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name)
     VALUES ($1, $2, $2, $2, $2)`,
    [userId, name],
  );
  return userId;
}

async function newExport(): Promise<string> {
  const exportId = randomUUID();
  await database.execute(
    `INSERT INTO auth.data_exports (export_id, user_id, expires_at)
     VALUES ($1, $2, now() + interval '1 hour')`,
    [exportId, await newUser()],
  );
  return exportId;
}

/** Ends all exports, so that none is due. */
const endAll = () => database.execute('UPDATE auth.data_exports SET expires_at = now()');

async function textOf(exportId: string): Promise<string> {
  const rows = await database.query<{ content: Buffer }>(
    'SELECT content FROM auth.export_contents WHERE export_id = $1 ORDER BY position',
    [exportId],
  );
  return rows.map(({ content }) => gunzipSync(content).toString()).join('');
}

const numbers = (count: number): ExportList => ({
  name: 'numbers',
  async *entries() {
    for (let number = 0; number < count; number += 1) yield { number };
  },
});

it('writes lists as one JSON object, in chunks, and counts their entries', async () => {
  const many = 60_000;
  const text = new ExportText([numbers(0), { ...numbers(many), name: 'many' }]);
  let joined = '';
  let chunks = 0;
  for await (const chunk of text.chunks()) {
    expect(chunk.length).toBeLessThan(300 * 1024);
    joined += chunk.toString();
    chunks += 1;
  }
  expect(chunks).toBeGreaterThan(2);
  const read = JSON.parse(joined);
  expect(read.numbers).toEqual([]);
  expect(read.many).toHaveLength(many);
  const { entries, sizeBytes } = text.written();
  expect(entries).toEqual({ numbers: 0, many });
  expect(sizeBytes).toBe(joined.length);
});

it('reads every row of a list once, in order, also where times are equal to the millisecond', async () => {
  const userId = await newUser();
  const count = 1201;
  await database.execute(
    `INSERT INTO auth.sessions (session_id, user_id, created_at, expires_at)
     SELECT gen_random_uuid(), $1, timestamptz '2026-01-01' + (n / 3) * interval '1 microsecond',
       now() FROM generate_series(1, $2::integer) AS n`,
    [userId, count],
  );
  const list = sqlList(database, userId, {
    name: 'sessions',
    columns: 'session_id, created_at::text AS at',
    from: 'auth.sessions WHERE user_id = $1',
    key: { created_at: 'timestamptz', session_id: 'uuid' },
  });
  const ids: unknown[] = [];
  const times: unknown[] = [];
  for await (const row of list.entries()) {
    const { session_id, at } = { session_id: '', at: '', ...row };
    ids.push(session_id);
    times.push(at);
  }
  expect(new Set(ids).size).toBe(count);
  expect(ids).toHaveLength(count);
  expect(times).toEqual(times.toSorted());
});

it('gives a part to one process at a time, and its chunks count only if it finishes', async () => {
  await endAll();
  const exportId = await newExport();
  const claims = await Promise.all(Array.from({ length: 5 }, () => claimPart(database, 'chat')));
  const [first, ...others] = claims.filter((claim) => claim !== undefined);
  if (first === undefined) throw new Error('nobody got the part');
  expect(others).toEqual([]);
  expect(await insertChunk(database, first, 0, Buffer.from('killed afterwards'))).toBe(true);
  await database.execute('UPDATE auth.export_parts SET leased_until = now() WHERE export_id = $1', [
    exportId,
  ]);
  const second = await claimPart(database, 'chat');
  if (second === undefined) throw new Error('nobody took the part over');
  expect(await renewLease(database, first)).toBe(false);
  expect(await insertChunk(database, first, 1, Buffer.from('late'))).toBe(false);
  const written = { sha256: 'x', sizeBytes: 1, entries: {} };
  expect(await finishPart(database, first, written)).toBe(false);
  expect(await insertChunk(database, second, 0, Buffer.from('whole'))).toBe(true);
  expect(await finishPart(database, second, written)).toBe(true);
  expect(await claimPart(database, 'chat')).toBeUndefined();
  const rows = await database.query<{ content: Buffer }>(
    'SELECT content FROM auth.export_contents WHERE export_id = $1',
    [exportId],
  );
  expect(rows.map(({ content }) => content.toString())).toEqual(['whole']);
});

it('writes the next export if one fails, and the failed one when its lease has ended', async () => {
  await endAll();
  const [broken, good] = [await newExport(), await newExport()];
  const [row] = await database.query<{ user_id: string }>(
    'SELECT user_id FROM auth.data_exports WHERE export_id = $1',
    [broken],
  );
  let isRepaired = false;
  const listsOf = (userId: string): readonly ExportList[] => {
    if (userId === row?.user_id && !isRepaired) throw new Error('this one cannot be read');
    return [numbers(3)];
  };
  const lines: string[] = [];
  const log = createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) });
  const stop = startExporting({ database, log, part: 'video', listsOf });
  try {
    await eventually(async () => expect(await textOf(good)).not.toBe(''));
    await eventually(() => expect(lines.join('')).toContain('exporting data (video) failed'));
    expect(await textOf(broken)).toBe('');
    isRepaired = true;
    await database.execute(
      'UPDATE auth.export_parts SET leased_until = now() WHERE export_id = $1',
      [broken],
    );
    await eventually(async () => expect(await textOf(broken)).toBe(await textOf(good)));
  } finally {
    await stop();
  }
});

it('stops in the middle of a part and gives it back at once', async () => {
  await endAll();
  await newExport();
  const reading = Promise.withResolvers<void>();
  const endless: ExportList = {
    name: 'endless',
    async *entries() {
      for (;;) {
        reading.resolve();
        await delay(1);
        yield { text: 'x'.repeat(300_000) };
      }
    },
  };
  const log = createLogger({ service: 'test', level: 'fatal' });
  const stop = startExporting({ database, log, part: 'storage', listsOf: () => [endless] });
  await reading.promise;
  await stop();
  expect(await claimPart(database, 'storage')).toBeDefined();
});
