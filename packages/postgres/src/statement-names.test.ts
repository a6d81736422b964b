import {
  pgBouncerSkipReason,
  type TestDatabase,
  testPgBouncer,
  testPostgres,
} from '@secureconnect/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { type Database, isRelationMissing, openDatabase, type Sql } from './index.ts';
import { StatementNames } from './statement-names.ts';

const scene = new AsyncDisposableStack();
let server: TestDatabase;
beforeAll(async () => {
  server = scene.use(await testPostgres());
});
afterAll(() => scene.disposeAsync());

function open(url = server.url, maxConnections = 1): Database {
  const database = openDatabase({ url, maxConnections });
  scene.defer(() => database.close());
  return database;
}

/** The statements of its session that the server has prepared. */
async function preparedIn(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ statement: string }>(
    "SELECT statement FROM pg_prepared_statements WHERE name LIKE 'statement%'",
  );
  return rows.map(({ statement }) => statement);
}

async function repeat(times: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 1; index <= times; index += 1) await work(index);
}

describe('a statement that is repeated', () => {
  const text = 'SELECT $1::integer AS number';

  it('is prepared once, and used in statements and in transactions', async () => {
    const database = open();
    await repeat(5, async (number) => {
      expect(await database.query(text, [number])).toEqual([{ number }]);
    });
    expect(await preparedIn(database)).toEqual([text]);
    await database.transaction(async (sql) => {
      await repeat(3, async (number) => {
        expect(await sql.query(text, [number])).toEqual([{ number }]);
      });
    });
    const [{ uses } = { uses: 0 }] = await database.query<{ uses: number }>(
      `SELECT (generic_plans + custom_plans)::integer AS uses FROM pg_prepared_statements
       WHERE statement = '${text}'`,
    );
    expect(uses).toBeGreaterThanOrEqual(4);
  });

  it('is prepared on a connection that only transactions use', async () => {
    const database = open();
    const inTransaction = (number: number) =>
      database.transaction((sql) => sql.query(text, [number]));
    await repeat(4, async (number) => expect(await inTransaction(number)).toEqual([{ number }]));
    expect(await database.transaction(preparedIn)).toEqual([text]);
  });

  it('may be several statements in a transaction', async () => {
    const database = open();
    await repeat(5, () =>
      database.transaction((sql) =>
        sql.execute('CREATE TEMPORARY TABLE passing (n integer); DROP TABLE passing'),
      ),
    );
  });

  it('fails while its table is missing, and works afterwards', async () => {
    const database = open();
    const later = 'SELECT number FROM later WHERE number = $1';
    await repeat(5, async () => {
      expect(isRelationMissing(await failureOf(database.query(later, [1])))).toBe(true);
    });
    await database.execute('CREATE TABLE later AS SELECT 1 AS number');
    await repeat(5, async () => {
      expect(await database.query(later, [1])).toEqual([{ number: 1 }]);
    });
    expect(await preparedIn(database)).toContain(later);
  });

  it('works after a migration has changed its columns', async () => {
    const database = open();
    await database.execute('CREATE TABLE changing AS SELECT 1 AS number');
    const all = 'SELECT * FROM changing WHERE $1::boolean';
    await repeat(5, () => database.query(all, [true]));
    await open().execute("ALTER TABLE changing ADD COLUMN text text DEFAULT 'one'");
    const changed = [{ number: 1, text: 'one' }];
    expect(await database.query(all, [true])).toEqual(changed);
    await repeat(5, () => database.query(all, [true]));
    await open().execute('ALTER TABLE changing DROP COLUMN text');
    expect(await database.transaction((sql) => sql.query(all, [true]))).toEqual([{ number: 1 }]);
  });

  it('works after its session has lost it', async () => {
    const database = open();
    await repeat(5, () => database.query(text, [1]));
    await database.execute('DEALLOCATE ALL');
    expect(await database.query(text, [2])).toEqual([{ number: 2 }]);
  });
});

describe.skipIf(pgBouncerSkipReason !== '')(`through PgBouncer${pgBouncerSkipReason}`, () => {
  it('no statement is prepared, as the next transaction may have a different session', async () => {
    await using pooler = await testPgBouncer(server.url);
    await using resources = new AsyncDisposableStack();
    const database = openDatabase({ url: pooler.url, maxConnections: 5 });
    resources.defer(() => database.close());
    const text = 'SELECT $1::integer AS number, pg_sleep(0.001)';
    await repeat(10, () =>
      Promise.all([1, 2, 3, 4, 5].map((number) => database.query(text, [number]))),
    );
    await database.transaction((sql) => sql.query(text, [1]));
    const prepared = await Promise.all([1, 2, 3, 4, 5].map(() => preparedIn(database)));
    expect(prepared.flat()).toEqual([]);
  });
});

it('names so many statements at most, and does not remember all others', async () => {
  await using resources = new AsyncDisposableStack();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  resources.defer(() => client.end());
  const names = new StatementNames(2);
  expect(names.isDirect(client)).toBeUndefined();
  const { rows } = await client.query('SELECT pg_backend_pid() AS backend');
  names.hearBackend(client, rows[0]);
  const secondUse = (text: string) => [1, 2].map(() => names.nameOf(client, text)).at(-1);
  const named = ['a', 'b', 'c', 'a'].map(secondUse);
  expect(named).toEqual(['statement_1', 'statement_2', '', 'statement_1']);
  const roomy = new StatementNames();
  roomy.hearBackend(client, rows[0]);
  for (let use = 1; use <= 201; use += 1) expect(roomy.nameOf(client, `text ${use}`)).toBe('');
  expect(roomy.nameOf(client, 'text 2')).toBe('statement_1');
  expect(roomy.nameOf(client, 'text 1')).toBe('');
});
