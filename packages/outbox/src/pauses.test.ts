import { randomUUID } from 'node:crypto';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger, createMetrics } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  DeliveryFailed,
  DeliveryPostponed,
  type EffectKind,
  effectHandler,
  hastenEffects,
  startOutbox,
  writeEffect,
} from './index.ts';
import { OutboxStore } from './store.ts';

const { database, close } = await openMigratedDatabase(['auth']);
afterAll(close);

/** A kind of its own for each test, so that they do not see each other's effects. */
const newKind = (): EffectKind<string> => ({
  name: randomUUID(),
  payload: z.string(),
  retry: { maxTries: 1, firstPauseSeconds: 0.01, maxPauseSeconds: 0.01 },
});

const write = (kind: EffectKind<string>, key: string, delaySeconds = 0) =>
  writeEffect(database, 'auth', kind, { key, payload: key, delaySeconds });

function start(kind: EffectKind<string>, deliver: () => Promise<void>) {
  const lines: string[] = [];
  const log = createLogger({ service: 'a', level: 'info', write: (line) => lines.push(line) });
  const handlers = [effectHandler(kind, { maxConcurrent: 4, deliver })];
  const metrics = createMetrics();
  const stop = startOutbox({ database, schema: 'auth', handlers, log, metrics, pollMs: 20 });
  return { lines, [Symbol.asyncDispose]: stop };
}

it('an effect with a delay is due at once when it is hastened, unless it is leased', async () => {
  const kind = newKind();
  const ids = [await write(kind, 'hastened', 3600), await write(kind, 'leased', 3600)];
  await write(kind, 'left alone', 3600);
  await database.execute(
    `UPDATE auth.outbox SET lease_id = effect_id, tries = 1
     WHERE kind = $1 AND idempotency_key = 'leased'`,
    [kind.name],
  );
  await hastenEffects(
    database,
    'auth',
    ids.flatMap((id) => id ?? []),
  );
  const claim = { kind: kind.name, maxEffects: 9, leaseSeconds: 1, isSweep: true };
  const claimed = await new OutboxStore(database, 'auth').claim(claim);
  expect(claimed.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['hastened']);
});

it('a delivery that is postponed is no attempt, and is not logged', async () => {
  const kind = newKind();
  await write(kind, 'a');
  let postponements = 0;
  await using outbox = start(kind, async () => {
    postponements += 1;
    if (postponements < 5) throw new DeliveryPostponed('NOT_YET', 0.01);
  });
  await eventually(async () => {
    const rows = await database.query('SELECT state, tries FROM auth.outbox WHERE kind = $1', [
      kind.name,
    ]);
    expect(rows).toEqual([{ state: 'done', tries: 1 }]);
  });
  expect(postponements).toBe(5);
  expect(outbox.lines).toEqual([]);
});

it('a delivery that fails waits for as long as its receiver asks', async () => {
  const kind = { ...newKind(), retry: { maxTries: 2, firstPauseSeconds: 1, maxPauseSeconds: 1 } };
  await write(kind, 'a');
  await using _outbox = start(kind, async () => {
    throw new DeliveryFailed('BUSY', { minPauseSeconds: 600 });
  });
  await eventually(async () => {
    const [row] = await database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM due_at - now())::float8 AS seconds FROM auth.outbox
       WHERE kind = $1 AND last_error = 'BUSY'`,
      [kind.name],
    );
    expect(row?.seconds).toBeGreaterThan(590);
  });
});
