import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from './redis.ts';
import type { RedisServer } from './redis-server.ts';

export interface OwnRedis extends RedisServer, AsyncDisposable {
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export interface OwnRedisOptions {
  /** The full path of the program. Default: redis-server or valkey-server in PATH. */
  readonly binary?: string;
  /** True: every write is on the disk before its reply. Default false. */
  readonly durable?: boolean;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
}

/**
 * A real Redis of a test's own on loopback, to kill, freeze and restart. It has an append-only file,
 * so a restart keeps the data, unless it is to be empty.
 * @throws Error if PATH has no Redis of version 7 or later, or it does not start
 */
export async function ownRedis(options: OwnRedisOptions = {}): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'own-redis-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    const server = await startRedis({ dir, ...options });
    const close = async () => {
      await server.stop();
      await remove();
    };
    return Object.assign(server, { close, [Symbol.asyncDispose]: close });
  } catch (error) {
    await remove();
    throw error;
  }
}
