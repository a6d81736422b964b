import {
  type OwnRedis,
  type OwnRedisOptions,
  ownRedis,
} from '@secureconnect/degraded-mode/testing';
import { howToGetRedis } from '@secureconnect/embedded';
import { inject } from 'vitest';

export type TestRedis = OwnRedis;

/** A test's own Redis, with the program that the test run has found or installed. */
export async function testRedis(options: Omit<OwnRedisOptions, 'binary'> = {}): Promise<TestRedis> {
  const binary = inject('redisProgram');
  if (binary === '') throw new Error(`This test needs Redis: ${howToGetRedis}`);
  return ownRedis({ ...options, binary });
}
