import { TookTooLong, within } from '@secureconnect/degraded-mode';
import { ApiError, type Logger, OutageLog, traced } from '@secureconnect/service';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { BreakerState, StoreMetrics, StoreOperation } from './store-metrics.ts';

/** Number of consecutive failures of the store that open the breaker. */
const failuresToOpen = 3;
/** Time until one call probes the store; the other calls are refused until it has answered. */
const probeAfterMs = 3000;
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
  readonly metrics: StoreMetrics;
  readonly log: Logger;
  /** Default 3000. */
  readonly probeAfterMs?: number;
}

/**
 * Guards calls to an object store: time limit, circuit breaker and metrics. Calls that the store
 * cannot serve throw SERVICE_UNAVAILABLE, at once while the breaker is open.
 */
export class StoreGuard {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #options: StoreGuardOptions;
  readonly #retryAfterSeconds: number;
  /** Separate, because a full store can still be read. */
  readonly #outages: Readonly<Record<'away' | 'full', OutageLog>>;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
    const halfOpenAfter = options.probeAfterMs ?? probeAfterMs;
    this.#retryAfterSeconds = Math.ceil(halfOpenAfter / 1000) + 2;
    this.#breaker = circuitBreaker(
      handleWhen((error) => this.#faultOf(error) === 'away'),
      { halfOpenAfter, breaker: new ConsecutiveBreaker(failuresToOpen) },
    );
    const { metrics, log } = options;
    metrics.breaker('closed');
    this.#breaker.onStateChange((state) => metrics.breaker(nameOf(state)));
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
    try {
      const result = await traced(`object store ${operation}`, {}, () =>
        this.#breaker.execute(() => this.#timed(operation, work, limitMs)),
      );
      this.#outages.away.worked();
      if (operation === 'write') this.#outages.full.worked();
      return result;
    } catch (error) {
      // A refusal by the breaker says nothing new about the store.
      const fault = error instanceof BrokenCircuitError ? 'away' : this.#faultOf(error);
      if (fault === undefined) throw error;
      this.#options.metrics.failed(operation);
      this.#outages[fault].failed(error, { operation });
      throw this.#unavailable();
    }
  }

  /** Throws SERVICE_UNAVAILABLE while the breaker is open. */
  refuseWhileOpen(): void {
    if (this.#breaker.state === CircuitState.Open) throw this.#unavailable();
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

  #unavailable(): ApiError {
    return new ApiError('SERVICE_UNAVAILABLE', 'Files cannot be stored or read now; retry.', {
      retryAfterSeconds: this.#retryAfterSeconds,
    });
  }
}

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half_open' : 'open';
}
