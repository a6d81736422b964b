import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Database } from '@secureconnect/postgres';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealAuditEntries } from '../src/audit/audit-sealer.ts';
import { recordAudit, unknownOrigin } from '../src/audit/record-audit.ts';
import { verifyAudit } from '../src/audit/verify-audit.ts';
import { eraseAuditPersonal } from '../src/stores/audit.ts';

let database: Database;
let url: string;
beforeEach(async () => {
  const opened = await openMigratedDatabase(['auth']);
  ({ database, url } = opened);
  return opened.close;
});

const userId = randomUUID();
const origin = { address: '203.0.113.7', agent: 'curl/8', mode: 'normal' } as const;

async function record(entries: number): Promise<void> {
  for (let count = 0; count < entries; count += 1) {
    await recordAudit(database, { action: 'signed_in', userId, sessionId: randomUUID(), origin });
  }
}

const holder = randomUUID();

/** Records entries and seals them. */
async function sealed(entries: number): Promise<void> {
  await record(entries);
  await sealAuditEntries(database, holder);
}

const faults = async () => (await verifyAudit(database)).faults;

/** As the owner of the database can: past the triggers. */
async function tamper(...statements: readonly string[]): Promise<void> {
  for (const table of ['audit_entries', 'audit_chain']) {
    await database.execute(`ALTER TABLE auth.${table} DISABLE TRIGGER USER`);
  }
  for (const statement of statements) await database.execute(statement);
}

const entryAt = (sequence: number): string =>
  `(SELECT entry_id FROM auth.audit_chain WHERE sequence = ${sequence})`;

describe('the sealer', () => {
  it('chains every entry once, with many sealers and recorders at once', async () => {
    const holders = Array.from({ length: 4 }, () => randomUUID());
    const recorders = Array.from({ length: 8 }, () =>
      database.transaction(async (sql) => {
        for (let count = 0; count < 20; count += 1) {
          await recordAudit(sql, { action: 'signed_in', userId, origin });
        }
      }),
    );
    const sealers = holders.map(async (holder) => {
      // Without the lease, so that they meet at the end of the chain.
      for (let turn = 0; turn < 10; turn += 1) {
        await database.execute('UPDATE auth.audit_head SET leased_until = now()');
        await sealAuditEntries(database, holder);
      }
    });
    await Promise.all([...recorders, ...sealers]);
    await database.execute('UPDATE auth.audit_head SET leased_until = now()');
    await sealAuditEntries(database, randomUUID());
    const { head, faults } = await verifyAudit(database);
    expect([head.sequence, faults]).toEqual([160, []]);
  });

  it('leaves the work to the holder of the lease', async () => {
    await sealAuditEntries(database, holder);
    await record(2);
    await sealAuditEntries(database, randomUUID());
    expect((await verifyAudit(database)).head.sequence).toBe(0);
    await sealAuditEntries(database, holder);
    expect((await verifyAudit(database)).head.sequence).toBe(2);
  });

  it('seals more entries than fit into one statement', async () => {
    await database.transaction(async (sql) => {
      for (let count = 0; count < 1201; count += 1) {
        await recordAudit(sql, { action: 'signed_in', userId, origin: unknownOrigin });
      }
    });
    await sealAuditEntries(database, randomUUID());
    const { head, faults } = await verifyAudit(database);
    expect([head.sequence, faults]).toEqual([1201, []]);
  });
});

describe('the verification', () => {
  it('finds nothing in a log that is intact, with entries that are not yet sealed', async () => {
    await sealed(3);
    await record(2);
    expect(await faults()).toEqual([]);
  });

  it.each([
    ['action', "'signed_out'"],
    ['recorded_at', "recorded_at + interval '1 millisecond'"],
    ['user_id', 'NULL'],
    ['session_id', 'NULL'],
    ['actor_kind', "'admin'"],
    ['actor_id', 'NULL'],
    ['mode', "'degraded'"],
    ['details', `'{"a":1}'`],
  ])('finds an entry whose %s was changed', async (column, value) => {
    await sealed(3);
    await tamper(
      `UPDATE auth.audit_entries SET ${column} = ${value} WHERE entry_id = ${entryAt(2)}`,
    );
    const [fault, ...others] = await faults();
    expect([fault, others]).toEqual([
      expect.stringMatching(/^entry \S+ at place 2 is not the one that was sealed there$/),
      [],
    ]);
  });

  it('finds an address that was changed, and takes one that was erased', async () => {
    await sealed(3);
    const where = `WHERE entry_id = ${entryAt(2)}`;
    await database.execute(`UPDATE auth.audit_personal SET address = '198.51.100.1' ${where}`);
    expect(await faults()).toEqual([
      expect.stringMatching(/^the personal parts of entry \S+ at place 2 were changed$/),
    ]);
    await eraseAuditPersonal(database, userId);
    expect(await verifyAudit(database)).toMatchObject({ erased: 3, faults: [] });
  });

  it('finds an entry that was removed', async () => {
    await sealed(3);
    await tamper(`DELETE FROM auth.audit_entries WHERE entry_id = ${entryAt(2)}`);
    expect(await faults()).toEqual([expect.stringMatching(/^entry \S+ at place 2 is missing$/)]);
  });

  it('finds an entry that was removed with its place, also where the rest moved up', async () => {
    await sealed(4);
    await tamper(
      `DELETE FROM auth.audit_entries WHERE entry_id = ${entryAt(2)}`,
      'DELETE FROM auth.audit_chain WHERE sequence = 2',
    );
    expect(await faults()).toEqual(['places 2 to 2 are missing in the chain']);
    await tamper(
      'UPDATE auth.audit_chain SET sequence = 2 WHERE sequence = 3',
      'UPDATE auth.audit_chain SET sequence = 3 WHERE sequence = 4',
      'UPDATE auth.audit_head SET sequence = 3',
    );
    expect(await faults()).toEqual([
      expect.stringMatching(/at place 2 is not the one/),
      expect.stringMatching(/at place 3 is not the one/),
    ]);
  });

  it('finds entries whose places were exchanged', async () => {
    await sealed(4);
    await tamper(
      'UPDATE auth.audit_chain SET sequence = 99 WHERE sequence = 2',
      'UPDATE auth.audit_chain SET sequence = 2 WHERE sequence = 3',
      'UPDATE auth.audit_chain SET sequence = 3 WHERE sequence = 99',
    );
    expect((await faults()).length).toBeGreaterThanOrEqual(2);
  });

  it('finds an entry that was added beside the chain, or taken from the queue', async () => {
    await sealed(1);
    await record(1);
    await database.execute('DELETE FROM auth.audit_unsealed');
    expect(await faults()).toEqual([
      expect.stringMatching(/^entry \S+ is neither in the chain nor waiting for it$/),
    ]);
  });

  it('finds a truncated end, by the head, or by an anchor kept elsewhere', async () => {
    await sealed(3);
    const { head: anchor } = await verifyAudit(database);
    await tamper(
      `DELETE FROM auth.audit_entries WHERE entry_id = ${entryAt(3)}`,
      'DELETE FROM auth.audit_chain WHERE sequence = 3',
    );
    expect(await faults()).toEqual(['the chain ends at place 2; its head says 3']);
    await tamper(
      `UPDATE auth.audit_head SET sequence = 2,
         hash = (SELECT hash FROM auth.audit_chain WHERE sequence = 2)`,
    );
    expect(await faults()).toEqual([]);
    expect((await verifyAudit(database, anchor)).faults).toEqual([
      'the chain ends at place 2, before that of the anchor',
    ]);
    await sealed(1);
    expect((await verifyAudit(database, anchor)).faults).toEqual([
      'the chain at place 3 is not that of the anchor',
    ]);
  });
});

describe('npm run audit:verify', () => {
  async function verify(...options: string[]) {
    const file = new URL('../src/commands/audit-verify.ts', import.meta.url).pathname;
    const env = { ...process.env, DATABASE_URL: url };
    const child = spawn(process.execPath, [file, ...options], { env });
    const [out, error] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: child.exitCode, out, error };
  }

  it('writes an anchor that the next run takes, and ends with 1 if the log was changed', async () => {
    await sealed(2);
    const { code, out } = await verify();
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('is intact: 2 entries, 0 with erased'),
    ]);
    const anchor = /--anchor: (\S+)/.exec(out)?.[1] ?? '';
    expect((await verify('--anchor', anchor)).code).toBe(0);
    await tamper(`UPDATE auth.audit_entries SET mode = 'degraded' WHERE entry_id = ${entryAt(1)}`);
    const changed = await verify('--anchor', anchor);
    expect([changed.code, changed.out]).toEqual([
      1,
      expect.stringMatching(/^The audit log is not intact:\n- entry \S+ at place 1 is not/),
    ]);
    expect(await verify('--anchor', 'nothing')).toMatchObject({
      code: 1,
      error: 'Expected --anchor SEQUENCE:HASH, as an earlier run wrote it.\n',
    });
  });
});
