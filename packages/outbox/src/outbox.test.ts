import { randomUUID } from 'node:crypto';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger, createMetrics } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  DeliveryFailed,
  DeliveryRefused,
  type Effect,
  type EffectKind,
  effectHandler,
  listDeadLetters,
  type RetryPolicy,
  retryDeadLetters,
  startOutbox,
  writeEffect,
} from './index.ts';
import { OutboxStore } from './store.ts';

const { database, close } = await openMigratedDatabase(['auth']);
afterAll(close);

const Payload = z.object({ text: z.string() });
type Payload = z.infer<typeof Payload>;

/** A kind of its own for each test, so that they do not see each other's effects. */
function newKind(retry: Partial<RetryPolicy> = {}): EffectKind<Payload> {
  return {
    name: randomUUID(),
    payload: Payload,
    retry: { maxTries: 3, firstPauseSeconds: 0.01, maxPauseSeconds: 0.05, ...retry },
  };
}

const write = (kind: EffectKind<Payload>, key: string, text = key) =>
  writeEffect(database, 'auth', kind, { key, payload: { text } });

interface StartOptions {
  readonly deliver: (effect: Effect<Payload>, signal: AbortSignal) => Promise<void>;
  readonly maxConcurrent?: number;
  readonly leaseSeconds?: number;
}

function start(kind: EffectKind<Payload>, options: StartOptions) {
  const { deliver, maxConcurrent = 4, leaseSeconds = 30 } = options;
  const lines: string[] = [];
  const log = createLogger({ service: 'a', level: 'info', write: (line) => lines.push(line) });
  const metrics = createMetrics();
  const handlers = [effectHandler(kind, { maxConcurrent, deliver })];
  const common = { database, schema: 'auth', log, metrics, pollMs: 20, leaseSeconds };
  const stop = startOutbox({ ...common, handlers });
  const count = async (outcome: string): Promise<number> => {
    const metric = await metrics.registry.getSingleMetric('outbox_deliveries_total')?.get();
    return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? Number.NaN;
  };
  return { stop, lines, count, [Symbol.asyncDispose]: stop };
}

interface Row {
  readonly state: string;
  readonly payload: unknown;
  readonly tries: number;
  readonly last_error: string | null;
}

const rowOf = async ({ name }: { name: string }, key: string): Promise<Row | undefined> =>
  (
    await database.query<Row>(
      `SELECT state, payload, tries, last_error FROM auth.outbox
       WHERE kind = $1 AND idempotency_key = $2`,
      [name, key],
    )
  )[0];

describe('an effect', () => {
  it('is delivered once with its key, however many processes there are, and erased', async () => {
    const kind = newKind();
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    for (const key of keys) await write(kind, key);
    const delivered: string[] = [];
    const deliver = async ({ idempotencyKey }: Effect<Payload>): Promise<void> => {
      delivered.push(idempotencyKey);
    };
    await using _one = start(kind, { deliver });
    await using _two = start(kind, { deliver });
    await eventually(async () => {
      for (const key of keys) {
        expect(await rowOf(kind, key)).toMatchObject({ state: 'done', payload: null, tries: 1 });
      }
    });
    expect(delivered.toSorted()).toEqual(keys.toSorted());
  });

  it('is not written when its transaction fails, or its key is known', async () => {
    const kind = newKind();
    const failing = database.transaction(async (sql) => {
      await writeEffect(sql, 'auth', kind, { key: 'a', payload: { text: 'a' } });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await rowOf(kind, 'a')).toBeUndefined();
    expect(await write(kind, 'b', 'first')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await write(kind, 'b', 'second')).toBeUndefined();
    expect(await rowOf(kind, 'b')).toMatchObject({ payload: { text: 'first' } });
  });

  it('is refused if its key or its payload is not allowed', async () => {
    const kind = newKind();
    await expect(write(kind, '')).rejects.toThrow(RangeError);
    await expect(write(kind, 'a'.repeat(201))).rejects.toThrow(RangeError);
    await expect(write(kind, 'a', 'a'.repeat(65_537))).rejects.toThrow(RangeError);
    const wrong = { key: 'a', payload: { text: 1 } as unknown as Payload };
    await expect(writeEffect(database, 'auth', kind, wrong)).rejects.toThrow(z.ZodError);
    const one = { key: 'a', payload: { text: 'a' } };
    await expect(writeEffect(database, 'a;--', kind, one)).rejects.toThrow(RangeError);
  });

  it('waits for its delay', async () => {
    const kind = newKind();
    const one = { key: 'a', payload: { text: 'a' }, delaySeconds: 3600 };
    await writeEffect(database, 'auth', kind, one);
    const claim = { kind: kind.name, maxEffects: 1, leaseSeconds: 1, isSweep: true };
    expect(await new OutboxStore(database, 'auth').claim(claim)).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  it('is retried, and its receiver sees the same key', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const tries: unknown[] = [];
    await using outbox = start(kind, {
      async deliver({ idempotencyKey, tries: nth }) {
        tries.push([idempotencyKey, nth]);
        if (nth < 3) throw new DeliveryFailed('AWAY');
      },
    });
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject({ state: 'done' }));
    expect(tries).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ]);
    expect([await outbox.count('failed'), await outbox.count('delivered')]).toEqual([2, 1]);
    expect(outbox.lines.join('')).toContain('delivery of effects failed; retrying later');
    expect(outbox.lines.join('')).toContain('effects are delivered again');
  });

  it('is a dead letter after the last attempt, which an operator can retry', async () => {
    const kind = newKind();
    await write(kind, 'a');
    let isAway = true;
    await using outbox = start(kind, {
      async deliver() {
        if (isAway) throw Object.assign(new Error('ada@example.com'), { code: 'ECONNREFUSED' });
      },
    });
    const dead = { state: 'dead', tries: 3, last_error: 'ECONNREFUSED', payload: { text: 'a' } };
    await eventually(async () => expect(await rowOf(kind, 'a')).toEqual(dead));
    // A dead letter is counted after it was stored.
    await eventually(async () => expect(await outbox.count('exhausted')).toBe(1));
    const letters = await listDeadLetters(database, 'auth', 100);
    const letter = letters.find((one) => one.kind === kind.name);
    expect(letter).toMatchObject({ tries: 3, lastError: 'ECONNREFUSED' });
    isAway = false;
    const which = { effectId: letter?.effectId ?? '' };
    expect(await retryDeadLetters(database, 'auth', which)).toBe(1);
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject({ state: 'done' }));
    expect(await retryDeadLetters(database, 'auth', which)).toBe(0);
  });

  it('is a dead letter at once if the receiver refuses it permanently', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const refuse = (): Promise<void> => Promise.reject(new DeliveryRefused('NOBODY'));
    await using outbox = start(kind, { deliver: refuse });
    const dead = { state: 'dead', tries: 1, last_error: 'NOBODY' };
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject(dead));
    await eventually(async () => expect(await outbox.count('refused')).toBe(1));
  });

  it('is a dead letter if every process that tried it has died', async () => {
    const kind = newKind();
    await write(kind, 'a');
    await database.execute('UPDATE auth.outbox SET tries = 3 WHERE kind = $1', [kind.name]);
    const delivered: unknown[] = [];
    await using _outbox = start(kind, { deliver: async (effect) => void delivered.push(effect) });
    const dead = { state: 'dead', last_error: 'PROCESS_ENDED' };
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject(dead));
    expect(delivered).toEqual([]);
  });

  it('is a dead letter if its payload has a different form', async () => {
    const kind = newKind();
    await write(kind, 'a');
    await database.execute("UPDATE auth.outbox SET payload = '{}' WHERE kind = $1", [kind.name]);
    await using _outbox = start(kind, { deliver: () => Promise.resolve() });
    const dead = { state: 'dead', last_error: 'PAYLOAD_INVALID' };
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject(dead));
  });
});

describe('a process that', () => {
  it('delivers slowly keeps its lease, so that no other process has the effect', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const held = Promise.withResolvers<void>();
    let begun = 0;
    const deliver = (): Promise<void> => {
      begun += 1;
      return held.promise;
    };
    await using _one = start(kind, { deliver, leaseSeconds: 0.5 });
    await using _two = start(kind, { deliver, leaseSeconds: 0.5 });
    const extended = async (): Promise<void> => {
      const [row] = await database.query<{ age: string }>(
        `SELECT extract(epoch FROM due_at - created_at) AS age FROM auth.outbox WHERE kind = $1`,
        [kind.name],
      );
      expect(Number(row?.age)).toBeGreaterThan(2);
    };
    await eventually(extended);
    held.resolve();
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject({ state: 'done' }));
    expect(begun).toBe(1);
  });

  it('has died leaves its effect to others, after its lease', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const claim = { kind: kind.name, maxEffects: 5, leaseSeconds: 0.3, isSweep: false };
    const store = new OutboxStore(database, 'auth');
    expect(await store.claim(claim)).toHaveLength(1);
    expect(await store.claim(claim)).toEqual([]);
    await using _outbox = start(kind, { deliver: () => Promise.resolve() });
    const done = { state: 'done', tries: 2 };
    await eventually(async () => expect(await rowOf(kind, 'a')).toMatchObject(done));
  });

  it('stops gives its leases back, and the attempt does not count', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const begun = Promise.withResolvers<void>();
    const outbox = start(kind, {
      deliver: (_effect, signal) =>
        new Promise((_resolve, reject) => {
          begun.resolve();
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    });
    await begun.promise;
    await outbox.stop();
    expect(await rowOf(kind, 'a')).toMatchObject({ state: 'pending', tries: 0, last_error: null });
    const claim = { kind: kind.name, maxEffects: 1, leaseSeconds: 30, isSweep: false };
    expect(await new OutboxStore(database, 'auth').claim(claim)).toHaveLength(1);
  });

  it('has lost its lease aborts, and leaves the work of the next process alone', async () => {
    const kind = newKind();
    await write(kind, 'a');
    const aborted = Promise.withResolvers<void>();
    await using _outbox = start(kind, {
      leaseSeconds: 0.3,
      deliver: (_effect, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(new Error('aborted'));
          });
          // Somebody else has it from now on.
          void database.execute(
            `UPDATE auth.outbox SET lease_id = $2, due_at = now() + interval '1 hour'
             WHERE kind = $1`,
            [kind.name, randomUUID()],
          );
        }),
    });
    await aborted.promise;
    expect(await rowOf(kind, 'a')).toMatchObject({ state: 'pending', tries: 1, last_error: null });
  });

  it('delivers to a slow receiver continues with others, up to its limit', async () => {
    const kind = newKind();
    const held = Promise.withResolvers<void>();
    await write(kind, 'slow');
    for (let index = 0; index < 10; index += 1) await write(kind, `fast ${index}`);
    let running = 0;
    let most = 0;
    const deliver = async ({ payload }: Effect<Payload>): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await (payload.text === 'slow' ? held.promise : database.ping());
      running -= 1;
    };
    await using _outbox = start(kind, { maxConcurrent: 3, deliver });
    await eventually(async () =>
      expect(await rowOf(kind, 'fast 9')).toMatchObject({ state: 'done' }),
    );
    expect(await rowOf(kind, 'slow')).toMatchObject({ state: 'pending' });
    held.resolve();
    await eventually(async () =>
      expect(await rowOf(kind, 'slow')).toMatchObject({ state: 'done' }),
    );
    expect(most).toBeLessThanOrEqual(3);
  });
});
