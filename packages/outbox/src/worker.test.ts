import { createLogger } from '@secureconnect/service';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { EffectHandler } from './effect.ts';
import { type LeasedEffect, OutboxStore } from './store.ts';
import { Worker } from './worker.ts';

/** An outbox with so many due effects, of which nothing is stored. */
class Backlog extends OutboxStore {
  #left: number;

  constructor(effects: number) {
    super({} as ConstructorParameters<typeof OutboxStore>[0], 'auth');
    this.#left = effects;
  }

  override async claim({ maxEffects }: { maxEffects: number }): Promise<LeasedEffect[]> {
    const claimed = Math.min(maxEffects, this.#left);
    this.#left -= claimed;
    return Array.from({ length: claimed }, (_, at) => {
      const id = `${this.#left} ${at}`;
      return { effectId: id, idempotencyKey: id, payload: {}, tries: 1, leaseId: 'lease' };
    });
  }

  override async complete(): Promise<void> {
    await new Promise(setImmediate);
  }
}

it('works a backlog off, and keeps nothing of each delivery', async () => {
  const races = vi.spyOn(Promise, 'race');
  onTestFinished(() => races.mockRestore());
  let delivered = 0;
  const handler: EffectHandler = {
    name: 'note',
    retry: { maxTries: 1, firstPauseSeconds: 1, maxPauseSeconds: 1 },
    maxConcurrent: 1,
    deliver: async () => {
      delivered += 1;
    },
  };
  const log = createLogger({ service: 'test', level: 'silent' });
  const store = new Backlog(50);
  const worker = new Worker({ handler, store, log, leaseSeconds: 30, count: () => undefined });
  await worker.turn();
  expect(delivered).toBe(50);
  // A promise that is raced again and again keeps something of each race as long as it is pending.
  const raced = races.mock.calls.flatMap(([promises]) => [...promises]);
  expect(raced).toHaveLength(50);
  expect(new Set(raced).size).toBe(50);
});
