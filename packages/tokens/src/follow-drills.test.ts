import { randomUUID } from 'node:crypto';
import { DegradedMode } from '@secureconnect/degraded-mode';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { drillsOf } from './follow-drills.ts';

const parts = new AsyncDisposableStack();
const log = createLogger({ service: 'shop', level: 'silent' });
let database: Database;
let redis: DegradedMode;
let prices: DegradedMode;
let instance: string;
beforeAll(async () => {
  const { url } = parts.use(await migratedDatabase(['auth']));
  database = parts.adopt(openDatabase({ url }), (opened) => opened.close());
  const of = (dependency: string) =>
    new DegradedMode({ service: 'shop-service', dependency, classify: () => undefined });
  [redis, prices] = [of('redis'), of('prices')];
  const drills = drillsOf({ name: 'shop-service', database, log });
  instance = drills.instance;
  parts.defer(drills.followDrills([redis, prices]));
});
afterAll(() => parts.disposeAsync());
beforeEach(() => {
  comeUp(redis);
  comeUp(prices);
});

function comeUp({ availability }: DegradedMode): void {
  availability.recovering();
  availability.recovered();
}

async function begin(drill: { dependency: string; instance?: string; port?: string }) {
  const drillId = randomUUID();
  await database.execute(
    `INSERT INTO auth.drills (drill_id, services, instance, dependency, port, ends_at)
     VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour')`,
    [drillId, ['shop', 'other'], drill.instance ?? null, drill.dependency, drill.port ?? null],
  );
  return () =>
    database.execute('UPDATE auth.drills SET ended_at = now() WHERE drill_id = $1', [drillId]);
}

const inDrill = () =>
  [redis, prices].map(({ availability }) => availability.drillEndsAt !== undefined);
const untilInDrill = (expected: readonly boolean[]) =>
  eventually(() => expect(inDrill()).toEqual(expected));

it('joins the drill of the dependency that it names, and of no other', async () => {
  const end = await begin({ dependency: 'prices' });
  await untilInDrill([false, true]);
  expect([redis.isAvailable(), prices.isAvailable()]).toEqual([true, false]);
  await end();
  await untilInDrill([false, false]);
});

it('joins the drill of a port by its name in the code', async () => {
  const end = await begin({ dependency: 'redis', port: 'rate-limit', instance });
  await eventually(() => expect(redis.portDrills.holds('rateLimit')).toBe(true));
  expect(redis.isAvailable()).toBe(true);
  await end();
  await eventually(() => expect(redis.portDrills.any).toBe(false));
});

it('joins once its dependency is back, if that is really down', async () => {
  redis.availability.recordFailure({ severity: 'hard', reason: 'ECONNREFUSED' });
  const end = await begin({ dependency: 'redis' });
  const ends = await begin({ dependency: 'redis', instance: 'ffffffff' });
  // Long enough for it to look twice.
  const joins = eventually(() => expect(inDrill()).toEqual([true, false]), { timeoutMs: 2500 });
  await expect(joins).rejects.toThrow();
  expect(redis.availability.reason).toBe('ECONNREFUSED');
  comeUp(redis);
  await untilInDrill([true, false]);
  await Promise.all([end(), ends()]);
  await untilInDrill([false, false]);
});
