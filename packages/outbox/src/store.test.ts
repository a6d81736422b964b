import { randomUUID } from 'node:crypto';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EffectKind, writeEffect } from './index.ts';
import { OutboxStore } from './store.ts';

const { database, close } = await openMigratedDatabase(['auth']);
afterAll(close);

const newKind = (): EffectKind<string> => ({
  name: randomUUID(),
  payload: z.string(),
  retry: { maxTries: 3, firstPauseSeconds: 1, maxPauseSeconds: 1 },
});

const write = (kind: EffectKind<string>, key: string) =>
  writeEffect(database, 'auth', kind, { key, payload: key });

describe('the table', () => {
  const bounds = { maxRows: 1000, maxStatements: 100 };

  it('loses what has been done or dead for too long, and nothing else', async () => {
    const kind = newKind();
    for (const key of ['done', 'done lately', 'dead', 'dead lately', 'pending']) {
      await write(kind, key);
    }
    const finish = (key: string, state: string, days: number) =>
      database.execute(
        `UPDATE auth.outbox SET state = $3, finished_at = now() - $4 * interval '1 day',
           created_at = now() - interval '90 days'
         WHERE kind = $1 AND idempotency_key = $2`,
        [kind.name, key, state, days],
      );
    await finish('done', 'done', 8);
    await finish('done lately', 'done', 6);
    await finish('dead', 'dead', 31);
    await finish('dead lately', 'dead', 29);
    await new OutboxStore(database, 'auth').remove({ doneDays: 7, deadDays: 30 }, bounds);
    const left = await database.query<{ idempotency_key: string }>(
      'SELECT idempotency_key FROM auth.outbox WHERE kind = $1',
      [kind.name],
    );
    const keys = left.map((row) => row.idempotency_key);
    expect(keys.toSorted()).toEqual(['dead lately', 'done lately', 'pending']);
  });

  it('loses all of that, also if it is more than a statement removes', async () => {
    const kind = newKind();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await write(kind, key);
    const left = async (): Promise<number> =>
      (await database.query('SELECT 1 FROM auth.outbox WHERE kind = $1', [kind.name])).length;
    await database.execute(
      `UPDATE auth.outbox SET state = 'done', finished_at = now() - interval '8 days'
       WHERE kind = $1`,
      [kind.name],
    );
    const store = new OutboxStore(database, 'auth');
    const retention = { doneDays: 7, deadDays: 30 };
    await store.remove(retention, { maxRows: 2, maxStatements: 1 });
    expect(await left()).toBe(3);
    await store.remove(retention, { ...bounds, maxRows: 2 });
    expect(await left()).toBe(0);
  });

  it('is measured by the waiting effects', async () => {
    const kind = newKind();
    for (const key of ['due', 'later', 'dead', 'done']) await write(kind, key);
    const set = (key: string, change: string) =>
      database.execute(
        `UPDATE auth.outbox SET ${change}, created_at = now() - interval '100 seconds'
         WHERE kind = $1 AND idempotency_key = $2`,
        [kind.name, key],
      );
    await set('due', "due_at = now() - interval '40 seconds'");
    await set('later', "tries = 1, due_at = now() + interval '40 seconds'");
    await set('dead', "state = 'dead', finished_at = now()");
    await set('done', "state = 'done', finished_at = now()");
    const measured = await new OutboxStore(database, 'auth').measure();
    const of = measured.find((one) => one.kind === kind.name);
    expect(of).toMatchObject({ pending: 2, dead: 1 });
    expect(of?.oldestDueSeconds).toBeGreaterThanOrEqual(40);
    expect(of?.oldestDueSeconds).toBeLessThan(60);
    expect(of?.oldestUndeliveredSeconds).toBeGreaterThanOrEqual(100);
  });
});

describe('a claim', () => {
  it('gets each effect once, longest due first, with eight concurrent claimers', async () => {
    const kind = newKind();
    for (let index = 0; index < 40; index += 1) await write(kind, String(index));
    const store = new OutboxStore(database, 'auth');
    const claimed: string[] = [];
    const claimAll = async (isSweep: boolean): Promise<void> => {
      for (;;) {
        const claim = { kind: kind.name, maxEffects: 3, leaseSeconds: 30, isSweep };
        const effects = await store.claim(claim);
        if (effects.length === 0) return;
        claimed.push(...effects.map((one) => one.idempotencyKey));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => claimAll(index % 2 === 0)));
    // One that skipped rows locked by another may have ended early, but never all of them.
    await claimAll(true);
    const all = Array.from({ length: 40 }, (_, index) => String(index));
    expect(claimed.toSorted()).toEqual(all.toSorted());
  });
});
