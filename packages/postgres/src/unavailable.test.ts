import { freePort, type TestDatabase, testPostgres } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { frozenProxy } from '../test/frozen-proxy.ts';
import {
  type Database,
  isDatabaseLate,
  isDatabaseOutage,
  isDatabaseUnavailable,
  openDatabase,
} from './index.ts';

let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await testPostgres();
  database = openDatabase({ url: server.url });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

describe('a database that is down', () => {
  /** No request may take longer than two seconds, whatever is away; the rest is for a busy machine. */
  const maxMs = 2500;
  const settledInTime = async (work: Promise<unknown>): Promise<unknown> => {
    const startedAt = performance.now();
    const error = await failureOf(work);
    expect(performance.now() - startedAt).toBeLessThan(maxMs);
    expect(isDatabaseUnavailable(error)).toBe(true);
    return error;
  };

  it('is reported when its port refuses, or its name is unknown', async () => {
    const port = await freePort();
    for (const url of [`postgresql://x@127.0.0.1:${port}/x`, 'postgresql://x@nowhere.invalid/x']) {
      const refused = openDatabase({ url });
      expect(isDatabaseLate(await settledInTime(refused.ping()))).toBe(false);
      await settledInTime(refused.transaction(async (sql) => sql.execute('SELECT 1')));
      await refused.close();
    }
  });

  it('is not shown by a statement that was cancelled: others may succeed', async () => {
    const impatient = openDatabase({ url: server.url, statementTimeoutMs: 20 });
    const error = await failureOf(impatient.query('SELECT pg_sleep(1)'));
    await impatient.close();
    expect(error).toMatchObject({ code: '57014' });
    expect([isDatabaseUnavailable(error), isDatabaseLate(error)]).toEqual([true, true]);
    expect(isDatabaseOutage(error)).toBe(false);
  });

  it('is reported when an idle connection was cut, and is used again', async () => {
    const idleErrors: Error[] = [];
    const idle = openDatabase({
      url: server.url,
      maxConnections: 1,
      onIdleError: (error) => idleErrors.push(error),
    });
    const [row] = await idle.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await database.query('SELECT pg_terminate_backend($1)', [row?.pid ?? 0]);
    await expect.poll(() => idleErrors.length).toBeGreaterThan(0);
    await idle.ping();
    await idle.close();
  });

  it('is reported in time when every connection is in use', async () => {
    const full = openDatabase({ url: server.url, maxConnections: 1, statementTimeoutMs: 5000 });
    const busy = full.query('SELECT pg_sleep(1.8)');
    const error = await settledInTime(full.ping());
    expect(error).toMatchObject({
      code: 'NO_FREE_CONNECTION',
      message:
        'no connection of this process became free within 1500 ms ' +
        '(1 open or being opened, 0 idle, 0 more calls waiting)',
    });
    expect([isDatabaseLate(error), isDatabaseOutage(error)]).toEqual([true, true]);
    await busy;
    await full.ping();
    await full.close();
  });

  it('that freezes is reported in time: connecting, in a statement and in a transaction', async () => {
    await using proxy = await frozenProxy(server.url);
    const frozen = openDatabase({ url: proxy.url, maxConnections: 4 });
    await Promise.all([frozen.ping(), frozen.ping()]);
    proxy.freeze();
    await Promise.all([
      settledInTime(frozen.query('SELECT 1')),
      settledInTime(frozen.transaction(async (sql) => sql.execute('SELECT 1'))),
      settledInTime(frozen.ping()),
    ]);
    proxy.thaw();
    await frozen.ping();
    proxy.freeze();
    const startedAt = performance.now();
    await frozen.close();
    expect(performance.now() - startedAt).toBeLessThan(maxMs);
  });

  it('that freezes within a transaction is reported in time', async () => {
    await using proxy = await frozenProxy(server.url);
    const frozen = openDatabase({ url: proxy.url });
    await frozen.ping();
    await settledInTime(
      frozen.transaction(async (sql) => {
        await sql.execute('SELECT 1');
        proxy.freeze();
        await sql.execute('SELECT 1');
      }),
    );
    proxy.thaw();
    await frozen.ping();
    await frozen.close();
  });
});
