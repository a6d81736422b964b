import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createBatchMetrics, createMetrics } from '@secureconnect/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresSink } from '../src/signals/postgres/postgres-sink.ts';
import type { Signal } from '../src/signals/signal.ts';
import type { RemediationSink } from '../src/signals/sink.ts';
import { draft, signal } from './sink-signals.ts';

const parts = new AsyncDisposableStack();
const metrics = createMetrics();
let url: string;
let database: Database;
let sink: RemediationSink;

beforeAll(async () => {
  ({ url } = parts.use(await migratedDatabase(['gateway'])));
  database = openDatabase({ url });
  parts.defer(() => database.close());
  sink = postgresSink(database, createBatchMetrics(metrics));
});
afterAll(() => parts.disposeAsync());

/** The transactions that have written requests of an alertname, and the number of these. */
async function written(name: string) {
  const [row] = await database.query<{ transactions: number; requests: number }>(
    `SELECT count(DISTINCT xmin::text)::int AS transactions, count(*)::int AS requests
     FROM gateway.remediation_requests WHERE signal_name = $1`,
    [name],
  );
  return row;
}

function pods(count: number): { name: string; signals: Signal[] } {
  const { name } = signal();
  const signals = Array.from({ length: count }, (_, pod) =>
    signal({ name, resource: { kind: 'Pod', name: `pod-${pod}` } }),
  );
  return { name, signals };
}

async function batches(batch: string): Promise<{ count: number; items: number }> {
  const text = await metrics.registry.metrics();
  const figure = (series: string): number =>
    Number(new RegExp(`^batch_items_${series}{batch="${batch}"} (.*)$`, 'm').exec(text)?.[1]);
  return { count: figure('count'), items: figure('sum') };
}

describe('signals that arrive together', () => {
  it('share a transaction, at most 32 of them', async () => {
    const { name, signals } = pods(40);
    const before = await batches('new_signals');
    const all = await Promise.all(signals.map((one) => sink.open(draft(one))));
    expect(all.every(({ outcome }) => outcome === 'created')).toBe(true);
    expect(new Set(all.map((placed) => placed.name)).size).toBe(40);
    expect(await written(name)).toEqual({ transactions: 2, requests: 40 });
    const after = await batches('new_signals');
    expect(after).toEqual({ count: before.count + 2, items: before.items + 40 });
  });

  it('are counted together when they are repeated', async () => {
    const { name, signals } = pods(20);
    await Promise.all(signals.map((one) => sink.open(draft(one))));
    const before = await batches('repeated_signals');
    const again = await Promise.all(signals.map((one) => sink.repeat(one, new Date())));
    expect(again.every((placed) => placed?.outcome === 'duplicate')).toBe(true);
    const after = await batches('repeated_signals');
    expect(after).toEqual({ count: before.count + 1, items: before.items + 20 });
    expect(await written(name)).toEqual({ transactions: 1, requests: 20 });
  });

  it('are locked in one order when they are repeated, so that gateways wait in no circle', async () => {
    const { name, signals } = pods(2);
    const storm = { id: randomUUID(), type: 'rate' } as const;
    const stormSignals = pods(2).signals;
    await Promise.all(signals.map((one) => sink.open(draft(one))));
    await Promise.all(stormSignals.map((one) => sink.aggregate(draft(one), storm)));
    const lock = (table: string) =>
      `SELECT 1 FROM gateway.${table} WHERE signal_fingerprint = $1 AND closed_at IS NULL FOR UPDATE`;
    for (const [table, both] of [
      ['remediation_requests', signals],
      ['storm_members', stormSignals],
    ] as const) {
      const [first, last] = both.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
      const repeating = await database.transaction(async (sql) => {
        await sql.query(lock(table), [first?.fingerprint ?? '']);
        const waiting = Promise.all(both.toReversed().map((one) => sink.repeat(one, new Date())));
        await expect
          .poll(() =>
            database.query(
              `SELECT 1 FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            ),
          )
          .toHaveLength(1);
        const unlocked = `${lock(table)} SKIP LOCKED`;
        expect(await database.query(unlocked, [last?.fingerprint ?? ''])).toHaveLength(1);
        return { waiting };
      });
      for (const placed of await repeating.waiting) expect(placed?.outcome).toBe('duplicate');
    }
    expect((await written(name))?.requests).toBe(2);
  });

  it('get requests of their own, of two storms, or stay where they are, each as it should', async () => {
    const { name, signals } = pods(12);
    const [known, member, ...fresh] = signals as [Signal, Signal, ...Signal[]];
    const storms = ['a', 'b'].map(() => ({ id: randomUUID(), type: 'rate' }) as const);
    const [one, other] = storms as [(typeof storms)[number], (typeof storms)[number]];
    const { name: ofKnown } = await sink.open(draft(known));
    const { name: ofMember } = await sink.aggregate(draft(member), one);
    const placed = await Promise.all([
      sink.aggregate(draft(known), one),
      sink.open(draft(member)),
      ...fresh.slice(0, 3).map((each) => sink.open(draft(each))),
      ...fresh.slice(3, 6).map((each) => sink.aggregate(draft(each), one)),
      ...fresh.slice(6).map((each) => sink.aggregate(draft(each), other)),
    ]);
    expect(placed.map(({ outcome }) => outcome)).toEqual([
      ...['duplicate', 'duplicate'],
      ...['created', 'created', 'created'],
      ...['aggregated', 'aggregated', 'aggregated'],
      ...['created', 'aggregated', 'aggregated', 'aggregated'],
    ]);
    expect(placed[0]?.name).toBe(ofKnown);
    expect(placed[1]?.name).toBe(ofMember);
    expect(new Set(placed.slice(5, 8).map((each) => each.name))).toEqual(new Set([ofMember]));
    expect(new Set(placed.slice(8).map((each) => each.name)).size).toBe(1);
    // The known one, three new ones, and two storms.
    expect((await written(name))?.requests).toBe(6);
  });

  it('make no request of a storm whose signals all have one already', async () => {
    const { name, signals } = pods(3);
    await Promise.all(signals.map((one) => sink.open(draft(one))));
    const storm = { id: randomUUID(), type: 'pattern' } as const;
    const placed = await Promise.all(signals.map((one) => sink.aggregate(draft(one), storm)));
    expect(placed.map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect((await written(name))?.requests).toBe(3);
  });
});

describe('a batch that fails', () => {
  it('because of one signal that cannot be stored stores the others', async () => {
    const { name, signals } = pods(5);
    const drafts = signals.map((one, index) =>
      draft(index === 2 ? { ...one, labels: { alertname: 'a\0b' } } : one),
    );
    const results = await Promise.allSettled(drafts.map((each) => sink.open(each)));
    expect(results.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(results[2]).toMatchObject({ reason: { code: '22P05' } });
    expect((await written(name))?.requests).toBe(4);
  });

  it('because of the database stores none of its signals, and each is told', async () => {
    const { name, signals } = pods(5);
    const blocker = openDatabase({ url, maxConnections: 1, statementTimeoutMs: 10_000 });
    await blocker.transaction(async (sql) => {
      await sql.execute('LOCK TABLE gateway.storm_members IN ACCESS EXCLUSIVE MODE');
      const results = await Promise.allSettled(signals.map((one) => sink.open(draft(one))));
      for (const result of results) {
        // Cancelled by its time limit.
        expect(result).toMatchObject({ status: 'rejected', reason: { code: '57014' } });
      }
    });
    await blocker.close();
    expect(await written(name)).toEqual({ transactions: 0, requests: 0 });
    const again = await Promise.all(signals.map((one) => sink.open(draft(one))));
    expect(again.every(({ outcome }) => outcome === 'created')).toBe(true);
  });
});

it('two gateways that place the same crowd differently give each signal one request', async () => {
  const other = postgresSink(database);
  const { name, signals } = pods(24);
  const storm = { id: randomUUID(), type: 'rate' } as const;
  const placed = await Promise.all(
    signals.flatMap((one) => [sink.open(draft(one)), other.aggregate(draft(one), storm)]),
  );
  for (const [index, one] of signals.entries()) {
    const [own, ofOther] = placed.slice(2 * index);
    expect([one.fingerprint, own?.name]).toEqual([one.fingerprint, ofOther?.name]);
  }
  const [row] = await database.query<{ active: number }>(
    `SELECT (SELECT count(*) FROM gateway.remediation_requests
       WHERE signal_name = $1 AND closed_at IS NULL AND storm_type IS NULL)::int
     + (SELECT count(*) FROM gateway.storm_members m
        JOIN gateway.remediation_requests r ON r.name = m.request_name
        WHERE r.signal_name = $1 AND m.closed_at IS NULL)::int AS active`,
    [name],
  );
  expect(row?.active).toBe(24);
});
