import { type TestDatabase, testPostgres } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { type Database, openDatabase } from './index.ts';

const scene = new AsyncDisposableStack();
let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = scene.use(await testPostgres());
  database = open(4);
  await database.execute('CREATE TABLE doctors (name text PRIMARY KEY, on_call boolean NOT NULL)');
});
afterAll(() => scene.disposeAsync());
beforeEach(async () => {
  await database.execute('TRUNCATE doctors');
});

function open(maxConnections: number): Database {
  const opened = openDatabase({ url: server.url, maxConnections });
  scene.defer(() => opened.close());
  return opened;
}

const insert = 'INSERT INTO doctors VALUES ($1, true)';
const onCall = () => database.query('SELECT name FROM doctors WHERE on_call ORDER BY name');

describe('a statement that is a SERIALIZABLE transaction of its own', () => {
  it('is retried on a conflict, so that no two miss each other’s writes', async () => {
    for (const name of ['alice', 'bob']) await database.serializable.execute(insert, [name]);
    // Each leaves if a different one stays: write skew.
    const leave = (name: string) =>
      database.serializable.execute(
        `UPDATE doctors SET on_call = false
         WHERE name = $1 AND (SELECT count(*) FROM doctors WHERE on_call) > 1`,
        [name],
      );
    const leaving = await database.transaction(async (sql) => {
      await sql.query('SELECT 1 FROM doctors FOR UPDATE');
      const both = [leave('alice'), leave('bob')];
      await expect
        .poll(() =>
          database.query(
            `SELECT 1 FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          ),
        )
        .toHaveLength(2);
      return { both };
    });
    expect((await Promise.all(leaving.both)).toSorted()).toEqual([0, 1]);
    expect(await onCall()).toHaveLength(1);
  });

  it('leaves nothing if it fails, and its connection usable', async () => {
    const single = open(1);
    const backend = () => single.query('SELECT pg_backend_pid(), $1::integer', [1]);
    const before = await backend();
    for (let time = 1; time <= 3; time += 1) {
      const twice = `${insert}, ($1, false)`;
      expect(await failureOf(single.serializable.execute(twice, ['alice']))).toMatchObject({
        code: '23505',
      });
    }
    expect(await onCall()).toEqual([]);
    expect(await single.serializable.execute(insert, ['alice'])).toBe(1);
    expect(await backend()).toEqual(before);
  });

  it('works as the first of its connection, and without values', async () => {
    const single = open(1);
    expect(await single.serializable.query('SELECT $1::integer AS n', [1])).toEqual([{ n: 1 }]);
    const level = 'SELECT current_setting($1) AS level';
    for (let time = 1; time <= 3; time += 1) {
      const rows = await single.serializable.query(level, ['transaction_isolation']);
      expect(rows).toEqual([{ level: 'serializable' }]);
    }
    expect(await single.serializable.query('SHOW transaction_isolation')).toEqual([
      { transaction_isolation: 'serializable' },
    ]);
  });
});

describe('statements of a transaction that are sent at once', () => {
  const names = ['alice', 'bob'];

  it('are all undone if the first one fails', async () => {
    await database.serializable.execute(insert, ['alice']);
    const failed = database.transaction((sql) =>
      Promise.all(names.map((name) => sql.execute(insert, [name]))),
    );
    expect(await failureOf(failed)).toMatchObject({ code: '23505' });
    expect(await onCall()).toEqual([{ name: 'alice' }]);
  });

  it('never run outside it, even if its BEGIN fails', async () => {
    const single = open(1);
    let runs = 0;
    const insertAll = () =>
      single.transaction(async (sql) => {
        runs += 1;
        await Promise.all(names.map((name) => sql.execute(insert, [name])));
      });
    for (let time = 1; time <= 2; time += 1) {
      await single.execute('TRUNCATE doctors');
      await insertAll();
    }
    await single.execute('TRUNCATE doctors');
    // The session then knows no prepared BEGIN, and the attempt is repeated on a new connection.
    await single.execute('DEALLOCATE ALL');
    await insertAll();
    expect(runs).toBe(4);
    expect(await onCall()).toEqual(names.map((name) => ({ name })));
  });
});
