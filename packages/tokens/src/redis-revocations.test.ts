import { randomUUID } from 'node:crypto';
import { endpoint, UserParams } from '@secureconnect/contracts';
import { definePorts, failOpen } from '@secureconnect/degraded-mode';
import { openRedis, type RedisConnection, redisMode } from '@secureconnect/redis';
import { createLogger, createService, declarersFor } from '@secureconnect/service';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity, type Revocations, startRevocations } from '../test/revocations.ts';
import { createTokenSigner, createTokenVerifier } from './index.ts';
import {
  redisRevocationPublisher,
  redisRevocations,
  revocationReconciler,
} from './redis-revocations.ts';

const log = createLogger({ service: 'tokens', level: 'silent' });
const secret = 'a secret of the tests that is long enough';
const getMe = endpoint({
  route: 'GET /v1/me',
  id: 'getMe',
  action: 'me',
  tag: 'Users',
  summary: 'Get the id of the sender',
  auth: 'bearer',
  reply: UserParams,
  errors: [],
});
let revocations: Revocations;
let server: TestRedis;
let redis: RedisConnection;

const connect = async (url: string): Promise<RedisConnection> => {
  const config = {
    address: { kind: 'single', url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    statelessAuth: false,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 5,
  } as const;
  return openRedis({ config, mode: redisMode('tokens', config), log });
};

beforeAll(async () => {
  revocations = await startRevocations();
  server = await testRedis();
  redis = await connect(server.url);
  await redis.start();
});
afterAll(async () => {
  await redis.close();
  await server.close();
  await revocations[Symbol.asyncDispose]();
});

describe('the fast path', () => {
  it('knows what was just revoked, before any snapshot does', async () => {
    const check = redisRevocations(redis.commands, revocations.snapshot(), revocations.database);
    const [byToken, bySession] = [newIdentity(), newIdentity()];
    expect(await check.isRevoked(byToken)).toBe(false);
    for (const id of [byToken.tokenId, bySession.sessionId]) {
      const expiresAtMs = await revocations.revoke(id);
      await redisRevocationPublisher(redis.commands).add([{ id, expiresAtMs }]);
    }
    expect(await check.isRevoked(byToken)).toBe(true);
    expect(await check.isRevoked(bySession)).toBe(true);
    expect(await check.isRevoked(newIdentity())).toBe(false);
  });

  it('revokes nothing by a key that SQL has no row for', async () => {
    const stray = newIdentity();
    await redisRevocationPublisher(redis.commands).add([
      { id: stray.tokenId, expiresAtMs: Date.now() + 60_000 },
    ]);
    const check = redisRevocations(redis.commands, revocations.snapshot(), revocations.database);
    expect(await check.isRevoked(stray)).toBe(false);
  });

  it('needs no Redis for what the snapshot holds, and knows what Redis has lost', async () => {
    const known = newIdentity();
    await revocations.revoke(known.sessionId);
    const snapshot = revocations.snapshot();
    await snapshot.start();
    await using away = await testRedis();
    const connection = await connect(away.url);
    const check = redisRevocations(connection.commands, snapshot, revocations.database);
    expect(await check.isRevoked(known)).toBe(true);
    await expect(check.isRevoked(newIdentity())).rejects.toThrow();
    await connection.close();
  });

  it('keeps a key as long as the token could have lived, and no longer', async () => {
    const [id, ended] = [randomUUID(), randomUUID()];
    const expiresAtMs = Date.now() + 60_000;
    await redisRevocationPublisher(redis.commands).add([
      { id, expiresAtMs },
      { id: ended, expiresAtMs: Date.now() - 1 },
    ]);
    expect(await redis.commands.pexpiretime(redis.commands.keyspace.revocation(id))).toBe(
      expiresAtMs,
    );
    expect(await redis.commands.exists(redis.commands.keyspace.revocation(ended))).toBe(0);
  });
});

describe('the reconciler', () => {
  it('publishes every unexpired revocation again, with its own end, however many', async () => {
    await redis.commands.flushall();
    const ends = new Map<string, number>();
    for (let count = 0; count < 3; count += 1) {
      const id = randomUUID();
      ends.set(id, await revocations.revoke(id, 60 + count));
    }
    await revocations.database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       SELECT gen_random_uuid(), now() + interval '1 hour', 'many' FROM generate_series(1, 1200)`,
    );
    await revocations.revoke(randomUUID(), -1);
    const reconciler = revocationReconciler(redis.commands, revocations.snapshot());
    await reconciler.run({ dataChange: 'empty' });
    await reconciler.run({ dataChange: 'empty' });
    for (const [id, end] of ends) {
      expect(await redis.commands.pexpiretime(redis.commands.keyspace.revocation(id))).toBe(end);
    }
    const [row] = await revocations.database.query<{ live: string }>(
      'SELECT count(*) AS live FROM auth.revoked_tokens WHERE expires_at > now()',
    );
    expect(await redis.commands.dbsize()).toBe(Number(row?.live));
  });

  it('rejects while SQL cannot be read, so that the flag stays down', async () => {
    await revocations.hide();
    const reconciler = revocationReconciler(redis.commands, revocations.snapshot());
    await expect(reconciler.run({ dataChange: 'sameData' })).rejects.toThrow();
    await revocations.show();
  });
});

describe('a service that checks bearer tokens', () => {
  it('refuses what was revoked before, during and after an outage, and serves the rest', async () => {
    await using server = await testRedis();
    await using running = new AsyncDisposableStack();
    const resources = new AsyncDisposableStack();
    const connection = await connect(server.url);
    resources.defer(() => connection.close());
    const snapshot = revocations.snapshot();
    await snapshot.start();
    await connection.start([revocationReconciler(connection.commands, snapshot)]);
    const check = redisRevocations(connection.commands, snapshot, revocations.database);
    const ports = definePorts({ revocations: { redis: check, snapshot } });
    const { route } = declarersFor<typeof ports, undefined>({
      bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
    });
    const me = route(getMe, {}, async ({ user }) => ({ user_id: user.userId }));
    const verifyToken = createTokenVerifier({ secret });
    const { mode } = connection;
    const parts = { name: 'tokens', log, context: undefined, ports, mode, verifyToken };
    const service = createService({ ...parts, routes: [me], readiness: {} }, resources);
    running.defer(() => service.close());
    const url = `http://127.0.0.1:${await service.listen(0)}/v1/me`;

    const newToken = () => {
      const identity = { userId: randomUUID(), sessionId: randomUUID(), role: 'user' };
      return createTokenSigner({ secret })({ ...identity, lifetimeSeconds: 60 });
    };
    const ask = async ({ token }: { token: string }) => {
      const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      return [reply.status, reply.headers.get('x-degraded')];
    };
    const revoke = async ({ tokenId }: { tokenId: string }) => {
      const expiresAtMs = await revocations.revoke(tokenId);
      await redisRevocationPublisher(connection.commands).add([{ id: tokenId, expiresAtMs }]);
    };
    const [good, before] = [newToken(), newToken()];
    expect(await ask(good)).toEqual([200, null]);
    await revoke(before);
    expect(await ask(before)).toEqual([401, null]);

    server.freeze();
    expect(await ask(good)).toEqual([200, 'revocations=snapshot']);
    expect((await ask(before))[0]).toBe(401);
    await eventually(() => expect(mode.isAvailable()).toBe(false));
    expect(await ask(good)).toEqual([200, 'revocations=snapshot']);
    expect((await ask(before))[0]).toBe(401);

    server.thaw();
    await server.restart({ empty: true });
    await eventually(() => expect(mode.isAvailable()).toBe(true), { timeoutMs: 15_000 });
    expect(
      await connection.commands.exists(connection.commands.keyspace.revocation(before.tokenId)),
    ).toBe(1);
    expect(await ask(before)).toEqual([401, null]);
    expect(await ask(good)).toEqual([200, null]);
  });
});
