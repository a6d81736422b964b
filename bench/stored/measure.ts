import { Redis } from 'ioredis';
import pg from 'pg';
import { group, type Member, register, say, store } from './fill.ts';
import type { StoringServices } from './services.ts';

/** What each further one of a kind takes. */
export interface StoredBytes {
  readonly what: string;
  readonly count: number;
  /** In tables and their indexes. */
  readonly databaseBytes: number;
  readonly redisBytes: number;
}

interface Size {
  readonly databaseBytes: number;
  readonly redisBytes: number;
}

/**
 * Makes so many users twice, with messages and files, and measures what the second ones have added:
 * what the first pages of tables and indexes take is not counted.
 */
export async function measureStored(
  services: StoringServices,
  counts: { readonly users: number; readonly messagesEach: number },
): Promise<StoredBytes[]> {
  const { urls } = services;
  await fillAll(services, counts);
  const figures: StoredBytes[] = [];
  const added = async <Made>(
    what: string,
    make: () => Promise<Made>,
    countOf: (made: Made) => number,
  ) => {
    const before = await sizeOf(services);
    const made = await make();
    const after = await sizeOf(services);
    const count = countOf(made);
    figures.push({
      what,
      count,
      databaseBytes: (after.databaseBytes - before.databaseBytes) / count,
      redisBytes: (after.redisBytes - before.redisBytes) / count,
    });
    return made;
  };
  const lengthOf = (list: readonly unknown[]): number => list.length;
  const members: Member[] = await added(
    'user with one session',
    () => register(urls, counts.users),
    lengthOf,
  );
  const groups = await added('group of ten', () => group(urls, members), lengthOf);
  const count = (given: number): number => given;
  await added('message of 100 characters', () => say(urls, groups, counts.messagesEach), count);
  await added('file, without its bytes', () => store(urls, members), count);
  return figures;
}

async function fillAll(
  { urls }: StoringServices,
  { users, messagesEach }: { readonly users: number; readonly messagesEach: number },
): Promise<void> {
  const members = await register(urls, users);
  await say(urls, await group(urls, members), messagesEach);
  await store(urls, members);
}

/** After a vacuum: space of rows that have changed since is used again, and counts as free. */
async function sizeOf({ databaseUrl, redis }: StoringServices): Promise<Size> {
  const client = new Redis(redis.url);
  // By itself, as a vacuum cannot be part of a transaction.
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query('VACUUM ANALYZE');
    const { rows } = await database.query<{ bytes: string }>(
      `SELECT sum(pg_total_relation_size(c.oid)) AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('auth', 'chat', 'storage')`,
    );
    const memory = /^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1];
    return { databaseBytes: Number(rows[0]?.bytes), redisBytes: Number(memory) };
  } finally {
    client.disconnect();
    await database.end();
  }
}
