import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { testPostgres } from './test-postgres.ts';

const query = async (url: string, statement: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

describe('testPostgres', () => {
  it('gives each test a database of its own', async () => {
    await using first = await testPostgres();
    await using second = await testPostgres();
    await query(first.url, 'CREATE TABLE notes (text TEXT)');
    await query(second.url, 'CREATE TABLE notes (text TEXT)');
    await query(first.url, "INSERT INTO notes VALUES ('first')");
    expect(await query(first.url, 'SELECT text FROM notes')).toEqual([{ text: 'first' }]);
    expect(await query(second.url, 'SELECT text FROM notes')).toEqual([]);
  });

  it('stores UTF-8 and sorts by code point', async () => {
    await using database = await testPostgres();
    const rows = await query(
      database.url,
      "SELECT letter FROM unnest(ARRAY['é', 'z', 'Z', '💬']) AS letter ORDER BY letter",
    );
    expect(rows).toEqual([{ letter: 'Z' }, { letter: 'z' }, { letter: 'é' }, { letter: '💬' }]);
  });

  it('drops the database on close, even with open connections', async () => {
    const database = await testPostgres();
    const client = new pg.Client({ connectionString: database.url });
    const lost = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.close();
    await lost;
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
