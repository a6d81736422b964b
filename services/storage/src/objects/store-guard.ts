import { type DegradedMode, TookTooLong, within } from '@secureconnect/degraded-mode';
import { type Logger, noteRemedy, OutageLog, traced } from '@secureconnect/service';
import type { StoreMetrics, StoreOperation } from './store-metrics.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/** Most calls take milliseconds; a store that takes longer than this hangs. */
const defaultLimitMs = 5000;

/**
 * What an error of a driver says about its store. `away`: the store is down, which counts for the
 * breaker. `full`: the client gets the same error, but other calls are served. Undefined: the error
 * concerns only the call.
 */
export type FaultOf = (error: unknown) => 'away' | 'full' | undefined;

export interface StoreGuardOptions {
  readonly faultOf: FaultOf;
  /** One line for an operator about an error of the driver; undefined if nothing is known. */
  readonly explain: (error: unknown) => string | undefined;
  /** Of the store: what routes declare, and when calls are refused. */
  readonly mode: DegradedMode;
  readonly metrics: StoreMetrics;
  readonly log: Logger;
}

/**
 * Guards calls to an object store: time limit, degraded mode and metrics. Calls that the store
 * cannot serve throw SERVICE_UNAVAILABLE, at once while the store is known to be down. Checks are
 * made all the same: they are the probes that tell that it is back.
 */
export class StoreGuard {
  readonly #options: StoreGuardOptions;
  /** Separate, because a full store can still be read. */
  readonly #outages: Readonly<Record<'away' | 'full', OutageLog>>;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
    const { mode, metrics, log } = options;
    metrics.breaker('closed');
    mode.availability.on('changed', () => metrics.breaker(mode.breaker));
    const dependency = 'object store';
    this.#outages = {
      away: new OutageLog({ log, fields: { dependency } }),
      full: new OutageLog({
        log,
        fields: { dependency },
        failedMessage: 'object store is full',
        workedMessage: 'object store accepts files again',
      }),
    };
  }

  /**
   * Makes a call of at most `limitMs`; 0 is no limit, for calls at the pace of a client.
   * Throws SERVICE_UNAVAILABLE if the store cannot serve, or the error of `work`.
   */
  async run<Result>(
    operation: StoreOperation,
    work: () => Promise<Result>,
    limitMs = defaultLimitMs,
  ): Promise<Result> {
    const { mode, metrics } = this.#options;
    if (operation !== 'check' && mode.availability.state === 'unavailable') {
      metrics.failed(operation);
      throw new StoreUnavailable('away');
    }
    try {
      const result = await traced(`object store ${operation}`, {}, () =>
        this.#timed(operation, work, limitMs),
      );
      mode.availability.recordSuccess();
      this.#outages.away.worked();
      if (operation === 'write') this.#outages.full.worked();
      return result;
    } catch (error) {
      const fault = this.#faultOf(error);
      if (fault === undefined) throw error;
      metrics.failed(operation);
      noteRemedy(error, this.#options.explain(error));
      this.#outages[fault].failed(error, { operation });
      const unavailable = new StoreUnavailable(fault, error);
      // The monitor reports checks.
      if (operation !== 'check') mode.reportError(unavailable);
      throw unavailable;
    }
  }

  #faultOf(error: unknown): 'away' | 'full' | undefined {
    return error instanceof TookTooLong ? 'away' : this.#options.faultOf(error);
  }

  async #timed<Result>(
    operation: StoreOperation,
    work: () => Promise<Result>,
    limitMs: number,
  ): Promise<Result> {
    const startedAt = performance.now();
    try {
      return await (limitMs === 0 ? work() : within(work(), limitMs, 'the object store'));
    } finally {
      this.#options.metrics.took(operation, (performance.now() - startedAt) / 1000);
    }
  }
}
