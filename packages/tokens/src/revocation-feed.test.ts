import { randomUUID } from 'node:crypto';
import { openRedis, type RedisConnection, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newIdentity, type Revocations, startRevocations } from '../test/revocations.ts';
import { RevocationFeed, type RevocationSnapshot } from './index.ts';
import { redisRevocationPublisher } from './redis-revocations.ts';
import { revocationsChannel } from './revocation.ts';

const stack = new AsyncDisposableStack();
const log = createLogger({ service: 'tokens', level: 'silent' });
let revocations: Revocations;
let server: TestRedis;

beforeAll(async () => {
  revocations = stack.use(await startRevocations());
  server = stack.use(await testRedis());
});
afterAll(() => stack.disposeAsync());

const connect = (): RedisConnection => {
  const config = {
    address: { kind: 'single', url: server.url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    statelessAuth: false,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 5,
  } as const;
  return openRedis({ config, mode: redisMode('tokens', config), log });
};

/** A process that listens; its snapshot takes one copy, and then none by time. */
let redis: RedisConnection;
let snapshot: RevocationSnapshot;
let feed: RevocationFeed;
let told: string[];
let logLines: string[];
beforeEach(async () => {
  redis = connect();
  snapshot = revocations.snapshot();
  told = [];
  logLines = [];
  const write = (line: string): unknown => logLines.push(line);
  feed = new RevocationFeed({
    ...{ redis, snapshot, database: revocations.database, maxStalenessSeconds: 60 },
    log: createLogger({ service: 'tokens', level: 'info', write }),
  });
  feed.onRevoked((ids) => told.push(...ids));
  await snapshot.start();
  await redis.start([feed.reconciler]);
  return async () => {
    feed.stop();
    await redis.close();
  };
});

const expiresAtMs = Date.now() + 60_000;
const announce = (...ids: string[]) =>
  redisRevocationPublisher(redis.commands).add(ids.map((id) => ({ id, expiresAtMs })));
const revoke = (...ids: string[]) =>
  revocations.database.transaction(async (sql) => {
    for (const id of ids) {
      const values = [id, new Date(expiresAtMs), 'test'];
      await sql.execute('INSERT INTO auth.revocations VALUES ($1, $2, $3)', values);
    }
    await announce(...ids);
  });

it('knows at once what another process has revoked: a token, and a session', async () => {
  const [byToken, bySession, free] = [newIdentity(), newIdentity(), newIdentity()];
  await revoke(byToken.tokenId, bySession.sessionId);
  await eventually(() => expect(told).toEqual([byToken.tokenId, bySession.sessionId]), {
    timeoutMs: 1000,
  });
  expect([byToken, bySession, free].map((one) => feed.holds(one))).toEqual([true, true, false]);
  expect([byToken, bySession, free].map((one) => feed.isCurrent(one))).toEqual([true, true, true]);
  expect(snapshot.holds(byToken)).toBe(false);
});

it('is in doubt between the announcement and the commit, about nobody else', async () => {
  const [user, other] = [newIdentity(), newIdentity()];
  await revocations.database.transaction(async (sql) => {
    await announce(user.sessionId);
    await eventually(() => expect(feed.isCurrent(user)).toBe(false));
    expect([feed.isCurrent(other), feed.holds(user), told]).toEqual([true, false, []]);
    const values = [user.sessionId, new Date(expiresAtMs), 'test'];
    await sql.execute('INSERT INTO auth.revocations VALUES ($1, $2, $3)', values);
  });
  await eventually(() => expect(told).toEqual([user.sessionId]), { timeoutMs: 1000 });
  expect([feed.isCurrent(user), feed.holds(user)]).toEqual([true, true]);
});

it('revokes nothing that was undone, and is in doubt no longer than that can be', async () => {
  const user = newIdentity();
  await announce(user.sessionId);
  await eventually(() => expect(feed.isCurrent(user)).toBe(false));
  await eventually(() => expect(feed.isCurrent(user)).toBe(true), { timeoutMs: 8000 });
  expect([feed.holds(user), told]).toEqual([false, []]);
});

it('is in doubt about everybody where more was announced than it keeps, until the next copy', async () => {
  const small = new RevocationFeed({
    ...{ redis, snapshot, log, database: revocations.database, maxStalenessSeconds: 60 },
    maxAnnounced: 1,
  });
  const other = newIdentity();
  await announce(newIdentity().sessionId, newIdentity().sessionId);
  await eventually(() => expect(small.isCurrent(other)).toBe(false));
  expect(feed.isCurrent(other)).toBe(true);
  // What was dropped may still be committed for as long as a transaction may last.
  await snapshot.refreshNow();
  expect(small.isCurrent(other)).toBe(false);
  await eventually(
    async () => {
      await snapshot.refreshNow();
      expect(small.isCurrent(other)).toBe(true);
    },
    { timeoutMs: 10_000 },
  );
  small.stop();
});

it('asks SQL once for many, whichever users are here', async () => {
  const users = Array.from({ length: 400 }, newIdentity);
  let questions = 0;
  const { database } = revocations;
  const query: typeof database.query = (text, values) => {
    questions += 1;
    return database.query(text, values);
  };
  const counting = new RevocationFeed({
    ...{ redis, snapshot, log, database: { ...database, query }, maxStalenessSeconds: 60 },
  });
  await revoke(...users.map(({ sessionId }) => sessionId));
  await eventually(() => expect(users.every((user) => counting.holds(user))).toBe(true));
  expect(questions).toBeLessThan(10);
  counting.stop();
});

it('keeps what is confirmed until a copy has it', async () => {
  const [first, second] = [newIdentity(), newIdentity()];
  await revoke(first.sessionId);
  await eventually(() => expect(feed.holds(first)).toBe(true));
  await snapshot.refreshNow();
  await revoke(second.sessionId);
  await eventually(() => expect(feed.holds(second)).toBe(true));
  expect([feed.holds(first), snapshot.holds(first)]).toEqual([true, true]);
});

it('passes over what it does not understand', async () => {
  for (const text of ['{', '{}', '["x"]', `["${randomUUID()}", 5]`]) {
    await redis.commands.publish(revocationsChannel(redis.commands), text);
  }
  const user = newIdentity();
  await revoke(user.sessionId);
  await eventually(() => expect(feed.holds(user)).toBe(true));
  expect(logLines).toHaveLength(4);
  expect(logLines[0]).toContain('not understood');
});

it('stays in doubt while SQL cannot be read, and says so once', async () => {
  const user = newIdentity();
  await revocations.hide();
  await revoke(user.sessionId);
  await eventually(() => expect(logLines.length).toBeGreaterThan(0));
  expect([feed.isCurrent(user), feed.holds(user)]).toEqual([false, false]);
  await revocations.show();
  await eventually(() => expect(feed.holds(user)).toBe(true));
  // Once with the cause, and once when it is over.
  await eventually(() => expect(logLines).toHaveLength(2));
  expect(logLines[0]).toContain('confirmation of announced revocations failed');
});

it('uses the snapshot while Redis is down, which is taken again at each outage', async () => {
  for (const outage of ['first', 'second']) {
    const [before, during] = [newIdentity(), newIdentity()];
    await revocations.revoke(before.sessionId);
    await server.kill();
    await eventually(() => expect([outage, feed.isCurrent(before)]).toEqual([outage, false]));
    await eventually(() => expect([outage, feed.holds(before)]).toEqual([outage, true]));
    await revocations.revoke(during.sessionId);
    expect([feed.holds(during), feed.isOutdated()]).toEqual([false, false]);
    await server.restart({ empty: true });
    await eventually(() => expect(feed.isCurrent(before)).toBe(true), { timeoutMs: 15_000 });
    const after = newIdentity();
    await revoke(after.sessionId);
    await eventually(() => expect(feed.holds(after)).toBe(true), { timeoutMs: 1000 });
  }
}, 60_000);

it('can say nothing without Redis when the snapshot is too old, and says so', async () => {
  const impatient = new RevocationFeed({
    ...{ redis, snapshot, database: revocations.database, log, maxStalenessSeconds: 0 },
  });
  expect(impatient.isOutdated()).toBe(false);
  await server.kill();
  await eventually(() => expect(impatient.isOutdated()).toBe(true));
  await server.restart();
  await eventually(() => expect(impatient.isOutdated()).toBe(false), { timeoutMs: 15_000 });
  impatient.stop();
});
