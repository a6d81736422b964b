import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ExportedAuditEntry, Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChainHead, chainHash, personalDigest } from '../src/audit/audit-chain.ts';
import { sealAuditEntries } from '../src/audit/audit-sealer.ts';
import { changeRole } from '../src/change-role.ts';
import { findAuditHead } from '../src/stores/audit-chain.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

const resources = new AsyncDisposableStack();
let auth: TestAuth;
let exporting: TestAuth;
let database: Database;
let token: string;
let pagesRead = 0;
const seeded = 20_000;
const pages = seeded / 500;

beforeAll(async () => {
  auth = resources.use(await startAuth());
  database = openDatabase({ url: auth.databaseUrl, statementTimeoutMs: 30_000 });
  resources.defer(() => database.close());
  const counted: Database = {
    ...database,
    query(statement, values) {
      if (statement.includes('FROM auth.audit_chain c')) pagesRead += 1;
      return database.query(statement, values);
    },
  };
  exporting = resources.use(await startAuth({}, { database: counted }, auth));
  const { body } = await auth.call('POST', '/v1/auth/register', { body: someone() });
  const { user, access_token } = Tokens.parse(body.data);
  token = access_token;
  await changeRole(database, user.user_id, 'admin');
  await seed();
});
afterAll(() => resources.disposeAsync());

/** Many entries, as recordAudit stores them; the digest is of nothing, as after an erasure. */
async function seed(): Promise<void> {
  await database.execute(
    `WITH entry AS (
       INSERT INTO auth.audit_entries (entry_id, recorded_at, action, user_id, actor_kind,
         session_id, mode, details, personal_digest)
       SELECT gen_random_uuid(), date_trunc('milliseconds', now()), 'signed_in', $1::uuid, 'user',
         gen_random_uuid(), 'normal', '{}', decode(repeat('00', 32), 'hex')
       FROM generate_series(1, ${seeded}) RETURNING entry_id, recorded_at)
     INSERT INTO auth.audit_unsealed SELECT entry_id, recorded_at FROM entry`,
    [randomUUID()],
  );
  await eventually(
    async () => {
      await sealAuditEntries(database, randomUUID());
      expect((await findAuditHead(database)).sequence).toBeGreaterThanOrEqual(seeded);
    },
    { timeoutMs: 45_000 },
  );
}

/** Asks for the export, and reads nothing of it yet. */
const open = (query = ''): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = `${exporting.url}/v1/admin/audit/export${query}`;
    const headers = { authorization: `Bearer ${token}` };
    get(url, { headers, agent: false }, resolve).once('error', reject);
  });

it('an export is read from the database no faster than its client reads it', async () => {
  pagesRead = 0;
  const reply = await open();
  expect(reply.headers['content-type']).toBe('application/x-ndjson');
  let before = -1;
  const settled = await eventually(
    async () => {
      const now = pagesRead;
      const isSame = now === before;
      before = now;
      expect(isSame).toBe(true);
      return now;
    },
    { intervalMs: 300, timeoutMs: 15_000 },
  );
  expect(settled).toBeLessThan(pages);
  const lines = (await text(reply)).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(seeded);
  expect(pagesRead).toBeGreaterThanOrEqual(pages);
});

it('an export is a chain that its reader can verify, and continues after a place', async () => {
  const read = async (query: string): Promise<ExportedAuditEntry[]> => {
    const lines = (await text(await open(query))).split('\n').filter((line) => line !== '');
    return lines.map((line) => ExportedAuditEntry.parse(JSON.parse(line)));
  };
  const entries = await read('');
  let previous: ChainHead = { sequence: 0, hash: Buffer.alloc(0) };
  for (const entry of entries) {
    const { personal } = entry;
    const digest = Buffer.from(entry.personal_digest, 'hex');
    if (personal !== null) {
      const salt = Buffer.from(personal.salt, 'base64');
      expect(personalDigest(salt, personal).equals(digest)).toBe(true);
    }
    const hash = chainHash(previous, {
      entryId: entry.entry_id,
      recordedAt: new Date(entry.recorded_at),
      action: entry.action,
      userId: entry.user_id,
      actorKind: entry.actor,
      actorId: entry.actor_id,
      sessionId: entry.session_id,
      mode: entry.mode,
      details: JSON.stringify(entry.details),
      personalDigest: digest,
    });
    expect(hash.toString('hex')).toBe(entry.hash);
    previous = { sequence: entry.sequence, hash };
  }
  const rest = await read(`?after=${seeded}`);
  expect(rest[0]).toEqual(entries[seeded]);
  expect(await read(`?after=${entries.length + 100}`)).toEqual([]);
});

it('a client that leaves in the middle ends the reading, without an error in the log', async () => {
  const reply = await open();
  reply.destroy();
  await eventually(async () => {
    const before = pagesRead;
    await new Promise((resolve) => setImmediate(resolve));
    expect(pagesRead).toBe(before);
  });
  expect((await exporting.call('GET', '/ready')).status).toBe(200);
  expect(exporting.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
