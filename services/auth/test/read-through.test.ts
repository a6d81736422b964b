import { type Database, openDatabase } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { durableDirectory, redisDirectory, skippedDirectory } from '../src/ports/directory.ts';
import { redisResetTokens } from '../src/ports/reset-tokens.ts';
import { redisSessions } from '../src/ports/sessions.ts';
import { hashOf } from '../src/secrets.ts';
import { insertPasswordReset, usePasswordReset } from '../src/stores/password-resets.ts';
import { endSession } from '../src/stores/sessions.ts';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';
import { type OpenedRedis, openCommands } from './redis-commands.ts';

let auth: TestAuth;
let database: Database;
let opened: OpenedRedis;
let redis: RedisCommands;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
  opened = await openCommands(auth.redis.url);
  redis = opened.redis;
});
beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const register = () => registerSomeone(auth);

describe('a session', () => {
  it('survives a Redis that has lost everything, and is kept there again', async () => {
    const user = await register();
    await redis.flushall();
    const found = await redisSessions(redis, database).find(user.sessionId);
    expect(found).toMatchObject({ sessionId: user.sessionId, userId: user.userId });
    const end = await redis.pexpiretime(redis.keyspace.session(user.sessionId));
    expect(end).toBe(found?.expiresAtMs);
    await redis.flushall();
    const body = { refresh_token: user.refresh_token };
    expect((await auth.call('POST', '/v1/auth/refresh', { body })).status).toBe(200);
  });

  it('that has ended is not found', async () => {
    const user = await register();
    const sessions = redisSessions(redis, database);
    await endSession(database, user.sessionId);
    await sessions.end([user.sessionId]);
    await sessions.end([]);
    expect(await sessions.find(user.sessionId)).toBeUndefined();
    expect(await redis.exists(redis.keyspace.session(user.sessionId))).toBe(0);
  });

  it('that SQL has ended is refused, although a Redis that was rolled back still has it', async () => {
    const user = await register();
    await endSession(database, user.sessionId);
    expect(await redis.exists(redis.keyspace.session(user.sessionId))).toBe(1);
    const body = { refresh_token: user.refresh_token };
    expect((await auth.call('POST', '/v1/auth/refresh', { body })).status).toBe(401);
  });
});

describe('the directory', () => {
  it('asks SQL for what Redis does not have, and keeps it for a while under a hash', async () => {
    const user = await register();
    await redis.flushall();
    const directory = redisDirectory(redis, database);
    for (const name of [{ email: user.email }, { username: user.username.toUpperCase() }]) {
      expect(await directory.find(name)).toBe(user.userId);
    }
    const keys = await redis.keys('*');
    const kept = keys.filter((key) => key.startsWith(redis.keyspace.directory('auth', '')));
    expect(kept).toHaveLength(2);
    expect(kept.join()).not.toContain(user.username);
    for (const key of kept) expect(await redis.ttl(key)).toBeGreaterThan(290);
    expect(await directory.find({ username: user.username })).toBe(user.userId);
  });

  it('keeps nothing of an unknown name', async () => {
    const { email } = someone();
    expect(await redisDirectory(redis, database).find({ email })).toBeUndefined();
    expect((await redis.keys(`${redis.keyspace.directory('auth', '')}*`)).length).toBe(0);
  });

  it('has fallbacks that need no Redis', async () => {
    const user = await register();
    expect(await durableDirectory(database).find({ email: user.email })).toBe(user.userId);
    await durableDirectory(database).remember(user.userId, user);
    await skippedDirectory().remember(user.userId, user);
    expect(await skippedDirectory().find({ email: user.email })).toBeUndefined();
  });
});

describe('a reset token', () => {
  it('survives a Redis that has lost everything, until it is used', async () => {
    const { userId } = await register();
    const reset = { hash: hashOf(crypto.randomUUID()), userId, expiresAtMs: Date.now() + 60_000 };
    const tokens = redisResetTokens(redis, database);
    await insertPasswordReset(database, reset);
    expect(await tokens.find(reset.hash)).toBe(userId);
    const key = redis.keyspace.passwordReset(reset.hash.toString('base64url'));
    expect(await redis.pexpiretime(key)).toBe(reset.expiresAtMs);
    await redis.flushall();
    expect(await tokens.find(reset.hash)).toBe(userId);
    expect(await usePasswordReset(database, reset.hash)).toBe(userId);
    await tokens.forget([reset.hash]);
    expect(await tokens.find(reset.hash)).toBeUndefined();
  });
});
