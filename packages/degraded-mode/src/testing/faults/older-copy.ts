import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisServer } from '../servers/redis-server.ts';

/** Where Redis 7 keeps its append-only file. */
const dataFolder = 'appendonlydir';
const copyFolder = 'older-copy';

/** Copies the append-only file of a running server; loading cuts off a half-written end. */
export async function copyData({ files }: RedisServer): Promise<void> {
  await cp(join(files.folder, dataFolder), join(files.folder, copyFolder), { recursive: true });
}

/** Restarts a server on the data of {@link copyData}; later writes are lost. */
export async function rollBack(redis: RedisServer): Promise<void> {
  await redis.stop();
  const { folder } = redis.files;
  await rm(join(folder, dataFolder), { recursive: true });
  await cp(join(folder, copyFolder), join(folder, dataFolder), { recursive: true });
  await redis.restart();
}
