import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery, type ServiceMetrics } from '@secureconnect/service';
import type { EffectHandler } from './effect.ts';
import { createOutboxMetrics } from './metrics.ts';
import { OutboxStore } from './store.ts';
import { Worker } from './worker.ts';

export interface OutboxOptions {
  readonly database: Database;
  /** The schema whose table `outbox` is worked on. */
  readonly schema: string;
  readonly handlers: readonly EffectHandler[];
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  /** Between two queries for due effects. Default 1000. */
  readonly pollMs?: number;
  /** How long other processes wait for an effect of a process that died. Default 30. */
  readonly leaseSeconds?: number;
  readonly retention?: Retention;
}

export interface Retention {
  /** As long as a cause may repeat its key. Default 7. */
  readonly doneDays: number;
  /** Default 30. */
  readonly deadDays: number;
}

const defaultPollMs = 1000;
const defaultLeaseSeconds = 30;
const defaultRetention: Retention = { doneDays: 7, deadDays: 30 };
const measureEveryMs = 10_000;
const removeEveryMs = 60_000;
/** More than a process delivers in a minute. */
const removalBounds = { maxRows: 1000, maxStatements: 100 };

/**
 * Delivers the effects of a schema, together with the other processes that do. Each effect is
 * delivered at least once, and a repeated delivery has the same idempotency key. Returns a function
 * that stops this: it aborts deliveries and gives their leases back.
 */
export function startOutbox(options: OutboxOptions): () => Promise<void> {
  const { database, schema, handlers, log, metrics, pollMs = defaultPollMs } = options;
  const { leaseSeconds = defaultLeaseSeconds, retention = defaultRetention } = options;
  const store = new OutboxStore(database, schema);
  const measures = createOutboxMetrics(
    metrics,
    handlers.map(({ name }) => name),
  );
  const workers = handlers.map((handler) => {
    const { name } = handler;
    const count = measures.count.bind(undefined, name);
    const worker = new Worker({ handler, store, log, leaseSeconds, count });
    const turn = () => worker.turn();
    const stopTurns = repeatEvery({
      intervalMs: pollMs,
      what: `outbox of ${name}`,
      log,
      run: turn,
    });
    const stopLeases = repeatEvery({
      intervalMs: (leaseSeconds * 1000) / 3,
      what: `extension of the leases of ${name}`,
      log,
      run: () => worker.extendLeases(),
    });
    return { worker, stopTimers: () => Promise.all([stopTurns(), stopLeases()]) };
  });
  const stopMeasuring = repeatEvery({
    intervalMs: measureEveryMs,
    what: 'measurement of the outbox',
    log,
    run: async () => {
      try {
        measures.show(await store.measure());
      } catch (error) {
        measures.hide();
        throw error;
      }
    },
  });
  const stopRemoving = repeatEvery({
    intervalMs: removeEveryMs,
    what: 'removal of finished effects',
    log,
    run: () => store.remove(retention, removalBounds),
  });
  return async () => {
    const others = [stopMeasuring(), stopRemoving()];
    await Promise.all(
      workers.map(async ({ worker, stopTimers }) => {
        // The current turn ends once the worker stops; what it claims last is given back too.
        await Promise.all([worker.stop(), stopTimers()]);
        await worker.stop();
      }),
    );
    await Promise.all(others);
  };
}
