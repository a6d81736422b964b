import { type TestDatabase, testPostgres } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import {
  type Database,
  isDatabaseLate,
  isDatabaseOutage,
  isDatabaseUnavailable,
  isRelationMissing,
  openDatabase,
  type Sql,
  violatesUnique,
} from './index.ts';

let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await testPostgres();
  database = openDatabase({ url: server.url });
  await database.execute('CREATE TABLE doctors (name text PRIMARY KEY, on_call boolean NOT NULL)');
});
afterAll(async () => {
  await database.close();
  await server.close();
});

it('says how its connections are used', async () => {
  await using resources = new AsyncDisposableStack();
  const small = openDatabase({ url: server.url, maxConnections: 1 });
  resources.defer(() => small.close());
  expect(small.poolUse()).toEqual({ open: 0, idle: 0, waiting: 0 });
  await small.transaction(async (sql) => {
    await sql.query('SELECT 1');
    const waits = small.ping();
    expect(small.poolUse()).toEqual({ open: 1, idle: 0, waiting: 1 });
    return { waits };
  });
  await small.ping();
  expect(small.poolUse()).toEqual({ open: 1, idle: 1, waiting: 0 });
});

describe('a statement', () => {
  it('returns its rows, or how many it changed', async () => {
    await database.execute('DELETE FROM doctors');
    const inserted = await database.execute('INSERT INTO doctors SELECT unnest($1::text[]), $2', [
      ['a', 'b'],
      true,
    ]);
    expect(inserted).toBe(2);
    const rows = await database.query<{ name: string }>('SELECT name FROM doctors ORDER BY name');
    expect(rows).toEqual([{ name: 'a' }, { name: 'b' }]);
    await database.ping();
  });

  it('that runs too long is cancelled; the database counts as unavailable', async () => {
    const impatient = openDatabase({ url: server.url, statementTimeoutMs: 50 });
    const error = await failureOf(impatient.query('SELECT pg_sleep(30)'));
    expect(error).toMatchObject({ code: '57014' });
    expect(isDatabaseUnavailable(error)).toBe(true);
    await impatient.ping();
    await impatient.close();
  });

  it('that is wrong is the caller’s fault', async () => {
    for (const text of ['SELECT FROM nowhere', 'SELEKT', "SELECT 'x'::uuid", 'SELECT 1/0']) {
      expect(isDatabaseUnavailable(await failureOf(database.query(text)))).toBe(false);
    }
    expect(isDatabaseUnavailable('no error at all')).toBe(false);
  });

  it('reports a missing table or schema', async () => {
    for (const name of ['nowhere', 'nobody.nothing']) {
      const error = await failureOf(database.query(`SELECT 1 FROM ${name}`));
      expect(isRelationMissing(error)).toBe(true);
    }
    expect(isRelationMissing(await failureOf(database.query('SELECT 1/0')))).toBe(false);
    expect(isRelationMissing(new Error('nowhere does not exist'))).toBe(false);
  });

  it('that is refused leaves its connection usable', async () => {
    const single = openDatabase({ url: server.url, maxConnections: 1 });
    const connection = (): Promise<object[]> => single.query('SELECT pg_backend_pid()');
    const before = await connection();
    await failureOf(single.execute('SELECT 1/0'));
    await failureOf(single.transaction((sql) => sql.execute('SELECT 1/0')));
    expect(await connection()).toEqual(before);
    await single.close();
  });

  it('reports which unique constraint it violates', async () => {
    await database.execute('DELETE FROM doctors');
    const insert = () => database.execute("INSERT INTO doctors VALUES ('a', true)");
    await insert();
    const error = await failureOf(insert());
    expect(violatesUnique(error, 'doctors_pkey')).toBe(true);
    expect(violatesUnique(error, 'another')).toBe(false);
    expect(isDatabaseUnavailable(error)).toBe(false);
    expect(violatesUnique(new Error('doctors_pkey'), 'doctors_pkey')).toBe(false);
  });
});

describe('a transaction', () => {
  const onCall = async (sql: Sql): Promise<number> =>
    (await sql.query('SELECT 1 FROM doctors WHERE on_call')).length;
  const reset = async () => {
    await database.execute('DELETE FROM doctors');
    await database.execute("INSERT INTO doctors VALUES ('alice', true), ('bob', true)");
  };

  it('is retried on a real conflict, so that no two miss each other’s writes', async () => {
    await reset();
    let [runs, reads] = [0, 0];
    let bothHaveRead = (): void => undefined;
    const meeting = new Promise<void>((resolve) => {
      bothHaveRead = resolve;
    });
    // Each leaves if another stays: write skew, which only SERIALIZABLE prevents.
    const leave = (name: string) =>
      database.transaction(async (sql) => {
        runs += 1;
        const left = (await onCall(sql)) > 1;
        reads += 1;
        if (reads === 2) bothHaveRead();
        await meeting;
        if (left) await sql.execute('UPDATE doctors SET on_call = false WHERE name = $1', [name]);
        return left;
      });
    const left = await Promise.all([leave('alice'), leave('bob')]);
    expect(left.toSorted()).toEqual([false, true]);
    expect(runs).toBe(3);
    expect(await onCall(database)).toBe(1);
  });

  it('loses no increment among many', async () => {
    await database.execute('CREATE TABLE counters (count integer)');
    await database.execute('INSERT INTO counters VALUES (0)');
    const increment = () =>
      database.transaction(async (sql) => {
        const [row] = await sql.query<{ count: number }>('SELECT count FROM counters');
        await sql.execute('UPDATE counters SET count = $1', [(row?.count ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 4 }, increment));
    expect(await database.query('SELECT count FROM counters')).toEqual([{ count: 4 }]);
  });

  it('that always conflicts ends in time, and counts as a database that is late', async () => {
    const impatient = openDatabase({ url: server.url, statementTimeoutMs: 100 });
    let runs = 0;
    const hopeless = impatient.transaction(async (sql) => {
      runs += 1;
      await sql.execute("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$");
    });
    const error = await failureOf(hopeless);
    await impatient.close();
    // With a minute for each statement, there would be twelve.
    expect(runs).toBeLessThan(12);
    expect(error).toMatchObject({ name: 'RetriesExhausted', cause: { code: '40001' } });
    expect([isDatabaseUnavailable(error), isDatabaseLate(error)]).toEqual([true, true]);
    expect(isDatabaseOutage(error)).toBe(false);
  });

  it('is rolled back by anything thrown in it, and releases its connection', async () => {
    await reset();
    const single = openDatabase({ url: server.url, maxConnections: 1 });
    const thrown = new Error('changed my mind');
    const undone = single.transaction(async (sql) => {
      await sql.execute('DELETE FROM doctors');
      throw thrown;
    });
    expect(await failureOf(undone)).toBe(thrown);
    expect(await onCall(single)).toBe(2);
    await single.close();
  });

  it('is rolled back by a statement that fails, even if the work ignores it', async () => {
    await reset();
    const overlooked = database.transaction(async (sql) => {
      await sql.execute('DELETE FROM doctors');
      await failureOf(sql.execute('SELECT 1/0'));
      return 'done';
    });
    await overlooked.catch(() => undefined);
    expect(await onCall(database)).toBe(2);
  });

  it('interrupted in the middle counts as an unavailable database, and changes nothing', async () => {
    await reset();
    const idleErrors: Error[] = [];
    const single = openDatabase({
      url: server.url,
      maxConnections: 1,
      onIdleError: (error) => idleErrors.push(error),
    });
    const cut = single.transaction(async (sql) => {
      await sql.execute('DELETE FROM doctors');
      const [row] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query('SELECT pg_terminate_backend($1)', [row?.pid ?? 0]);
      await sql.execute('SELECT 1');
    });
    expect(isDatabaseUnavailable(await failureOf(cut))).toBe(true);
    expect(await onCall(single)).toBe(2);
    await single.close();
  });

  it('on a server that was demoted counts as an unavailable database', async () => {
    await using standby = await testPostgres();
    const demoted = openDatabase({ url: standby.url });
    const name = new URL(standby.url).pathname.slice(1);
    await demoted.execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await demoted.close();
    const readOnly = openDatabase({ url: standby.url });
    const error = await failureOf(readOnly.execute('CREATE TABLE t (x integer)'));
    expect(isDatabaseUnavailable(error)).toBe(true);
    await readOnly.close();
  });
});
