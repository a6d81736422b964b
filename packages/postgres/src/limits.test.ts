import { pgBouncerSkipReason, testPgBouncer, testPostgres } from '@secureconnect/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countingProxy } from '../test/counting-proxy.ts';
import { failureOf } from '../test/failure-of.ts';
import { type Database, isDatabaseUnavailable, openDatabase } from './index.ts';

interface Way {
  readonly name: string;
  /** Where it cannot be had. */
  readonly without: string;
  open(databaseUrl: string): Promise<AsyncDisposable & { readonly url: string }>;
}

const ways: readonly Way[] = [
  {
    name: 'directly',
    without: '',
    open: async (url) => ({ url, [Symbol.asyncDispose]: async () => undefined }),
  },
  { name: 'through PgBouncer', without: pgBouncerSkipReason, open: (url) => testPgBouncer(url) },
  {
    // One session for everybody: whatever is left in it meets the next.
    name: 'through one session of PgBouncer',
    without: pgBouncerSkipReason,
    open: (url) => testPgBouncer(url, { poolSize: 1 }),
  },
];

for (const { name, without, open } of ways) {
  describe.skipIf(without !== '')(`a database that is reached ${name}${without}`, () => {
    const scene = new AsyncDisposableStack();
    let url: string;
    /** Sees the server itself. */
    let observer: Database;
    const openTo = (options: { statementTimeoutMs?: number } = {}): Database => {
      const database = openDatabase({ url, ...options });
      scene.defer(() => database.close());
      return database;
    };
    beforeAll(async () => {
      const server = scene.use(await testPostgres());
      ({ url } = scene.use(await open(server.url)));
      observer = openDatabase({ url: server.url });
      scene.defer(() => observer.close());
    });
    afterAll(() => scene.disposeAsync());

    /** Statements of others that the server is busy with, or waits in the middle of. */
    const busy = async (): Promise<number> => {
      const rows = await observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
         AND pid <> pg_backend_pid() AND state <> 'idle'`,
      );
      return rows.length;
    };

    it('serves statements and transactions', async () => {
      const database = openTo();
      await database.execute('CREATE TABLE notes (number integer PRIMARY KEY, text text)');
      expect(await database.execute('INSERT INTO notes VALUES ($1, $2)', [1, 'one'])).toBe(1);
      const [row] = await database.query('SELECT number, text FROM notes WHERE number = $1', [1]);
      expect(row).toEqual({ number: 1, text: 'one' });
      expect(await database.query('SELECT number FROM notes WHERE false')).toEqual([]);
      const count = await database.transaction(async (sql) => {
        await sql.execute('INSERT INTO notes VALUES ($1, $2)', [2, 'two']);
        return (await sql.query('SELECT 1 FROM notes')).length;
      });
      expect(count).toBe(2);
      const three = ['INSERT INTO notes VALUES ($1, $2)', [3, 'three']] as const;
      expect(await database.serializable.execute(...three)).toBe(1);
      expect(await failureOf(database.serializable.execute(...three))).toMatchObject({
        code: '23505',
      });
      const error = await failureOf(database.execute("INSERT INTO notes VALUES (2, 'again')"));
      expect(error).toMatchObject({ code: '23505' });
      await database.ping();
    });

    it('has statements over the limit cancelled by the server itself', async () => {
      const impatient = openTo({ statementTimeoutMs: 100 });
      const slow = 'SELECT pg_sleep(30)';
      const failures = [
        await failureOf(impatient.query(slow)),
        await failureOf(impatient.query(`${slow} WHERE $1`, [true])),
        await failureOf(impatient.transaction((sql) => sql.query(slow))),
        await failureOf(impatient.transaction((sql) => sql.query(`${slow} WHERE $1`, [true]))),
        await failureOf(impatient.serializable.query(`${slow} WHERE $1`, [true])),
      ];
      for (const error of failures) {
        // The server's own word, and not the client's that it has waited long enough.
        expect(error).toMatchObject({ code: '57014' });
        expect(isDatabaseUnavailable(error)).toBe(true);
      }
      expect(await busy()).toBe(0);
      await impatient.ping();
    });

    it('leaves nothing behind in a session', async () => {
      const [impatient, patient] = [
        openTo({ statementTimeoutMs: 50 }),
        openTo({ statementTimeoutMs: 5000 }),
      ];
      await impatient.ping();
      await impatient.transaction((sql) => sql.execute('SELECT 1'));
      await impatient.transaction((sql) => sql.execute('SELECT $1::integer', [1]));
      await impatient.serializable.execute('SELECT $1::integer', [1]);
      const limit = async (database: Database): Promise<unknown> => {
        const [row] = await database.query(
          "SELECT current_setting('statement_timeout') AS milliseconds",
        );
        return row;
      };
      expect(await limit(patient)).toEqual({ milliseconds: '5s' });
      expect(await limit(impatient)).toEqual({ milliseconds: '50ms' });
      const stranger = new pg.Client({ connectionString: url });
      await stranger.connect();
      const { rows } = await stranger.query(
        `SELECT current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS idle`,
      );
      await stranger.end();
      expect(rows).toEqual([{ statement: '0', idle: '0' }]);
    });

    it('has an idle transaction ended by the server', async () => {
      const database = openTo();
      const error = await failureOf(
        database.transaction(async (sql) => {
          await sql.execute('SELECT 1');
          expect(await busy()).toBe(1);
          await expect.poll(busy, { timeout: 10_000 }).toBe(0);
          await sql.execute('SELECT 1');
        }),
      );
      expect(isDatabaseUnavailable(error)).toBe(true);
      await database.ping();
    });
  });
}

it('adds no round trip to a statement, and only that of COMMIT to a transaction', async () => {
  await using server = await testPostgres();
  await using proxy = await countingProxy(server.url);
  await using resources = new AsyncDisposableStack();
  const database = openDatabase({ url: proxy.url, maxConnections: 1 });
  resources.defer(() => database.close());
  await database.ping();
  const tripsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = proxy.roundTrips();
    await work();
    return proxy.roundTrips() - before;
  };
  const one = ['SELECT $1::integer', [1]] as const;
  expect(await tripsOf(() => database.query('SELECT 1'))).toBe(1);
  expect(await tripsOf(() => database.query(...one))).toBe(1);
  expect(await tripsOf(() => database.serializable.query(...one))).toBe(1);
  expect(await tripsOf(() => database.transaction(async () => undefined))).toBe(0);
  const transaction = (sequence: readonly (readonly [string, (readonly number[])?])[]) => () =>
    database.transaction(async (sql) => {
      for (const [text, values] of sequence) await sql.query(text, values);
    });
  // BEGIN with the first statement, the second one, COMMIT.
  expect(await tripsOf(transaction([one, ['SELECT 1']]))).toBe(3);
  // A text without values may be several statements, so BEGIN is sent before it.
  expect(await tripsOf(transaction([['SELECT 1'], one]))).toBe(4);
});
