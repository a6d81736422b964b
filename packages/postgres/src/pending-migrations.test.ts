import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPostgres } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { migrate, pendingMigrations, surveyDatabase } from './index.ts';

it('names the schemas that have not run exactly their migrations', async () => {
  await using database = await testPostgres();
  await using cleanUp = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  cleanUp.defer(() => rm(directory, { recursive: true }));
  const write = (name: string) =>
    writeFile(join(directory, `${name}.sql`), `-- Up Migration\nSELECT 1;\n`);
  const all = [
    { schema: 'one', directory },
    { schema: 'other-one', directory },
  ];
  const pending = async (): Promise<string[]> =>
    (await pendingMigrations(database.url, all)).map(({ schema }) => schema);
  /** What is missing and what is unknown in the first of them. */
  const survey = async (): Promise<unknown[]> => {
    const { missing, unknown } = await surveyDatabase(database.url, { schema: 'one', directory });
    return [missing, unknown];
  };
  const run = (schema: string): Promise<string[]> =>
    migrate({ databaseUrl: database.url, schema, directory });

  await write('0001_first');
  expect(await pending()).toEqual(['one', 'other-one']);
  expect(await survey()).toEqual([['0001_first'], []]);
  await run('one');
  expect(await pending()).toEqual(['other-one']);
  expect(await survey()).toEqual([[], []]);
  await run('other-one');
  expect(await pending()).toEqual([]);

  await write('0002_second');
  expect(await pending()).toEqual(['one', 'other-one']);
  await run('one');
  expect(await pending()).toEqual(['other-one']);

  // A later version has run one that is not here: `migrate` must judge that.
  await rm(join(directory, '0002_second.sql'));
  expect(await pending()).toEqual(['one']);
  expect(await survey()).toEqual([[], ['0002_second']]);
});

it('rejects if there is no database', async () => {
  const nowhere = 'postgresql://nobody@127.0.0.1:1/none';
  await expect(pendingMigrations(nowhere, [])).rejects.toThrow('ECONNREFUSED');
});
