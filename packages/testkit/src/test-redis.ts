import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisServer } from '@secureconnect/embedded';
import { howToGetRedis, startRedis } from '@secureconnect/embedded';
import { inject } from 'vitest';

export interface TestRedis extends RedisServer, AsyncDisposable {
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/**
 * A test's own Redis, to kill, freeze and restart. It has an append-only file, so a restart keeps
 * the data, unless it is to be empty.
 * @param options.durable every write is on the disk before its reply; default false
 * @param options.settings further lines of its configuration
 */
export async function testRedis(
  options: { durable?: boolean; settings?: readonly string[] } = {},
): Promise<TestRedis> {
  const binary = inject('redisProgram');
  if (binary === '') throw new Error(`This test needs Redis: ${howToGetRedis}`);
  const dir = await mkdtemp(join(tmpdir(), 'secureconnect-redis-'));
  const server = await startRedis({ dir, binary, ...options });
  const close = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return Object.assign(server, { close, [Symbol.asyncDispose]: close });
}
