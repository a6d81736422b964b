import { randomUUID } from 'node:crypto';
import { openRedis, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Claim,
  createDeduplication,
  type DeduplicationPort,
} from '../src/signals/redis/deduplication.ts';
import { signalScripts } from '../src/signals/redis/signal-scripts.ts';
import { redisStorms, type Storms } from '../src/signals/redis/storms.ts';

const parts = new AsyncDisposableStack();
let redis: TestRedis;
let deduplication: DeduplicationPort;
let storms: Storms;

beforeAll(async () => {
  redis = parts.use(await testRedis());
  const config = {
    address: { kind: 'single', url: redis.url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    statelessAuth: false,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 1,
  } as const;
  const log = createLogger({ service: 'test', level: 'silent' });
  const connection = openRedis({ config, mode: redisMode('test', config), log });
  parts.defer(() => connection.close());
  const { commands } = connection;
  const scripts = signalScripts(commands);
  deduplication = createDeduplication(commands.keyspace, scripts);
  storms = redisStorms(commands.keyspace, scripts.noteInStorm);
  await connection.start();
});
afterAll(() => parts.disposeAsync());

const claimOf = (fingerprint: string, token: string, signalName = fingerprint): Claim => ({
  ...{ fingerprint, token, newWindowId: `window of ${fingerprint}` },
  sighting: { signalName, occurrence: fingerprint, resource: fingerprint },
});
const granted = { kind: 'granted', knownName: undefined, storm: undefined };

describe('a reservation', () => {
  it('is granted to one, and to the others once it is released or committed', async () => {
    const port = deduplication.redis;
    const signal = randomUUID();
    const all = await Promise.all(
      ['a', 'b', 'c'].map((token) => port.reserve(claimOf(signal, token))),
    );
    expect(all.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
    await port.release(signal, 'nobody');
    const held = await port.reserve(claimOf(signal, 'd'));
    if (held.kind !== 'held') throw new Error('it was granted twice');
    const releasing = ['a', 'b', 'c'].map((token) => port.release(signal, token));
    // A delivery that waits for it in this process need not poll.
    await held.ended;
    await Promise.all(releasing);
    const again = await port.reserve(claimOf(signal, 'd'));
    expect(again).toEqual({ ...granted, occurrences: 2 });
    await port.commit(signal, 'd', 'rr-1');
    const known = await port.reserve(claimOf(signal, 'e'));
    expect(known).toEqual({ ...granted, knownName: 'rr-1', occurrences: 3 });
    await port.release(signal, 'e');
    await port.forget(signal);
    expect(await port.reserve(claimOf(signal, 'f'))).toMatchObject({ knownName: undefined });
  });

  it('may be requested twice by the same delivery', async () => {
    const signal = randomUUID();
    await deduplication.redis.reserve(claimOf(signal, 'a'));
    const twice = await deduplication.redis.reserve(claimOf(signal, 'a'));
    expect(twice).toEqual({ ...granted, occurrences: 1 });
  });

  it('finds the request that a repeated signal was remembered with', async () => {
    const port = deduplication.redis;
    const signal = randomUUID();
    expect(await port.remember(signal, 'rr-1')).toBeUndefined();
    expect(await port.remember(signal, 'rr-2')).toBe('rr-1');
    expect(await port.reserve(claimOf(signal, 'a'))).toMatchObject({ knownName: 'rr-2' });
    // A reservation is that of its delivery, whatever others remember.
    await port.remember(signal, 'rr-3');
    expect(await port.reserve(claimOf(signal, 'b'))).toMatchObject({ kind: 'held' });
  });

  it('counts a signal for storms if its request is not known, once, and not while it is held', async () => {
    const port = deduplication.redis;
    const name = randomUUID();
    const signals = Array.from({ length: 7 }, () => randomUUID());
    const reserve = (signal: string, token = 'a') => port.reserve(claimOf(signal, token, name));
    await port.remember(signals[5] ?? '', 'rr-1');
    for (const signal of signals.slice(0, 6)) {
      for (const token of ['a', 'a', 'b']) await reserve(signal, token);
    }
    // Five resources are counted: the sixth was known.
    const sixth = await reserve(signals[6] ?? '');
    expect(sixth).toMatchObject({
      storm: { id: `window of ${signals[6]}`, type: 'pattern', isNew: true },
    });
    await port.release(signals[0] ?? '', 'a');
    expect(await reserve(signals[0] ?? '')).toMatchObject({
      storm: { id: `window of ${signals[6]}`, type: 'pattern', isNew: false },
    });
  });

  it('that a frozen Redis stored late is released by its requester', async () => {
    const signal = randomUUID();
    redis.freeze();
    await expect(deduplication.redis.reserve(claimOf(signal, 'a'))).rejects.toThrow();
    redis.thaw();
    await eventually(async () => {
      await deduplication.reconciler.run({ dataChange: 'sameData' });
      expect(await deduplication.redis.reserve(claimOf(signal, 'b'))).toMatchObject({
        kind: 'granted',
      });
    });
  });
});

describe('a storm', () => {
  const sighting = (signalName: string, n: number, resource = `r${n}`) => ({
    signalName,
    occurrence: `${n}`,
    resource,
  });

  it('of a pattern begins beyond five resources, once', async () => {
    const name = randomUUID();
    for (let n = 0; n < 5; n += 1) {
      expect(await storms.note(sighting(name, n), 'w')).toBeUndefined();
    }
    expect(await storms.note(sighting(name, 5), 'w')).toEqual({
      id: 'w',
      type: 'pattern',
      isNew: true,
    });
    expect(await storms.note(sighting(name, 6), 'v')).toEqual({
      id: 'w',
      type: 'pattern',
      isNew: false,
    });
  });

  it('of a rate begins beyond ten a minute', async () => {
    const name = randomUUID();
    for (let n = 0; n < 10; n += 1) {
      expect(await storms.note(sighting(name, n, 'one'), 'w')).toBeUndefined();
    }
    expect(await storms.note(sighting(name, 10, 'one'), 'w')).toMatchObject({ type: 'rate' });
  });

  it('counts a repeated signal once', async () => {
    const name = randomUUID();
    for (let n = 0; n < 30; n += 1) {
      expect(await storms.note(sighting(name, n % 5), 'w')).toBeUndefined();
    }
  });
});
