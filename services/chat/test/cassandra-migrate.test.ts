import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@secureconnect/service';
import { cassandraSkipReason, freePort, sharedCassandra } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CassandraConfig } from '../src/stores/cassandra/cassandra-config.ts';
import { CassandraConnection } from '../src/stores/cassandra/connection.ts';
import { migrateCassandra } from '../src/stores/cassandra/migrate.ts';
import { openCassandraMessages } from '../src/stores/cassandra/open.ts';
import { bucketOfId } from '../src/stores/cassandra/timeuuids.ts';
import { eventPages } from '../src/stores/event-pages.ts';
import { EVENTS_KEPT_SECONDS } from '../src/stores/message-store.ts';
import {
  adminClient,
  freshKeyspace,
  migrationsDirectory,
} from './message-store/cassandra-store.ts';
import { Scene } from './message-store/scene.ts';

const quiet = createLogger({ service: 'chat', level: 'fatal' });
// Making a table takes Cassandra a second or more.
const timeout = 90_000;

describe.skipIf(cassandraSkipReason !== '')(
  `migrating Cassandra${cassandraSkipReason}`,
  { timeout },
  () => {
    let server: Awaited<ReturnType<typeof sharedCassandra>>;
    let admin: Awaited<ReturnType<typeof adminClient>>;
    beforeAll(async () => {
      server = await sharedCassandra();
      admin = await adminClient(freshKeyspace(server));
    });
    afterAll(async () => {
      await admin.shutdown();
      await server[Symbol.asyncDispose]();
    });
    const drop = async (keyspace: string): Promise<void> => {
      await admin.execute(`DROP KEYSPACE ${keyspace}`);
    };
    const tablesOf = async (keyspace: string): Promise<string[]> => {
      const { rows } = await admin.execute(
        'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?',
        [keyspace],
      );
      return rows.map((row) => String(row['table_name'])).toSorted();
    };

    test('a mistake about Cassandra is one line with what to do', async () => {
      const right = freshKeyspace(server);
      const line = async (change: Partial<CassandraConfig>): Promise<string> => {
        const lines: string[] = [];
        const write = (text: string): unknown => lines.push(text);
        const log = createLogger({ service: 'chat', level: 'info', write });
        const connection = new CassandraConnection({ ...right, ...change }, log);
        await connection.start();
        await connection.close();
        expect(lines).toHaveLength(1);
        expect(lines[0]).not.toContain('"stack"');
        return (JSON.parse(lines[0] ?? '') as { cause: { remedy: string } }).cause.remedy;
      };
      const refused = [`127.0.0.1:${await freePort()}`];
      expect(await line({ contactPoints: refused })).toContain('was refused (ECONNREFUSED). Check');
      const nowhere = ['nowhere.invalid:9042'];
      expect(await line({ contactPoints: nowhere })).toContain('does not resolve (ENOTFOUND).');
      expect(await line({ localDataCenter: 'elsewhere' })).toMatch(
        /no such data centre: .*\. Correct CASSANDRA_LOCAL_DATACENTER\.$/,
      );
      expect(await line({})).toContain('the keyspace does not exist (no such keyspace). Run the');
    });

    test('creates the keyspace and its tables once, with concurrent migrations', async () => {
      const config = freshKeyspace(server);
      const options = { config, directory: migrationsDirectory };
      const done = await Promise.all(Array.from({ length: 4 }, () => migrateCassandra(options)));
      expect(done.toSorted((one, other) => one.length - other.length)).toEqual([
        [],
        [],
        [],
        ['0001_messages', '0002_log_without_text'],
      ]);
      expect(await tablesOf(config.keyspace)).toEqual([
        'client_messages',
        'events',
        'message_buckets',
        'messages',
        'migrations',
      ]);
      expect(await migrateCassandra(options)).toEqual([]);
      await drop(config.keyspace);
    });

    test('creates a log that keeps events as long as the store says', async () => {
      const config = freshKeyspace(server);
      await migrateCassandra({ config, directory: migrationsDirectory });
      const { rows } = await admin.execute(
        `SELECT default_time_to_live FROM system_schema.tables
       WHERE keyspace_name = ? AND table_name = 'events'`,
        [config.keyspace],
      );
      expect(rows[0]?.['default_time_to_live']).toBe(EVENTS_KEPT_SECONDS);
      await drop(config.keyspace);
    });

    test('removes the content of messages from a log that an earlier version wrote', async () => {
      await using cleanUp = new AsyncDisposableStack();
      const directory = await mkdtemp(join(tmpdir(), 'cassandra-migrations-'));
      cleanUp.defer(() => rm(directory, { recursive: true }));
      const first = '0001_messages.cql';
      await cp(join(migrationsDirectory, first), join(directory, first));
      const config = freshKeyspace(server);
      cleanUp.defer(() => drop(config.keyspace));
      await migrateCassandra({ config, directory });

      const scene = new Scene(await openCassandraMessages(config, quiet, cleanUp));
      const said = await Promise.all(['one', 'two', 'three'].map((word) => scene.say(word)));
      const events = `${config.keyspace}.events`;
      for (const { message_id: id, content } of said) {
        // As an event of that version: with the whole message, by a clock that is ahead.
        await admin.execute(
          `UPDATE ${events} USING TTL 1000 AND TIMESTAMP ? SET data = ?
           WHERE conversation_id = ? AND bucket = ? AND event_id = ?`,
          [
            ...[(Date.now() + 60_000) * 1000, JSON.stringify({ message_id: id, content })],
            ...[scene.conversationId, bucketOfId(id), id],
          ],
          { prepare: true },
        );
      }
      const log = async () =>
        (await admin.execute(`SELECT data, TTL(data) AS lives FROM ${events}`)).rows;
      expect(JSON.stringify(await log())).toContain('three');

      const options = { config, directory: migrationsDirectory };
      expect(await migrateCassandra(options)).toEqual(['0002_log_without_text']);
      const left = await log();
      expect(left.map((row) => row['data']).toSorted()).toEqual(
        said.map(({ message_id }) => JSON.stringify({ message_id })).toSorted(),
      );
      for (const row of left) expect(row['lives']).toBeLessThanOrEqual(1000);
      const pages = eventPages(scene.store, scene.conversationId, new Date(0), 10);
      for await (const page of pages) expect(page.map(({ data }) => data)).toEqual(said);
    });

    test('that was interrupted continues at the next run', async () => {
      await using cleanUp = new AsyncDisposableStack();
      const directory = await mkdtemp(join(tmpdir(), 'cassandra-migrations-'));
      cleanUp.defer(() => rm(directory, { recursive: true }));
      const config = freshKeyspace(server);
      cleanUp.defer(() => drop(config.keyspace));
      const made = 'CREATE TABLE IF NOT EXISTS made (id int PRIMARY KEY);\n';
      const file = join(directory, '0001_half.cql');
      await writeFile(file, `-- a comment; with a semicolon\n${made}NO STATEMENT;\n`);
      await expect(migrateCassandra({ config, directory })).rejects.toThrow("input 'NO'");
      await writeFile(file, made);
      expect(await migrateCassandra({ config, directory })).toEqual(['0001_half']);
      expect(await tablesOf(config.keyspace)).toEqual(['made', 'migrations']);
    });
  },
);
