import { EventEmitter } from 'node:events';
import { Availability } from './availability.ts';
import { EventLoopStall } from './event-loop-stall.ts';
import type { Classify, Failure } from './failure.ts';
import type { Fallback, Settings } from './fallback.ts';

export interface DegradedModeOptions {
  /** Named in logs, metrics and `GET /v1/degraded`: `auth-service`. */
  readonly service: string;
  readonly classify: Classify;
  /** False turns every declared fallback into fail closed. Default true. */
  readonly fallbackEnabled?: boolean;
  /** The settings that `bySetting` and `byValue` declarations name. */
  readonly settings?: Settings;
}

export interface FallbackUsed {
  readonly route: string;
  readonly port: string;
  readonly fallback: Fallback['kind'];
}

interface DegradedModeEvents {
  /** A fallback answered or refused a call. */
  fallback: [FallbackUsed];
  /** Redis refused an invalid command of the caller. */
  bug: [Failure];
}

/** The state of Redis in one process, and the settings of its fallbacks. */
export class DegradedMode extends EventEmitter<DegradedModeEvents> {
  readonly service: string;
  readonly availability = new Availability();
  readonly fallbackEnabled: boolean;
  readonly settings: Settings;
  readonly stall = new EventLoopStall();
  readonly #classify: Classify;

  constructor(options: DegradedModeOptions) {
    super();
    this.service = options.service;
    this.#classify = options.classify;
    this.fallbackEnabled = options.fallbackEnabled ?? true;
    this.settings = options.settings ?? {};
  }

  isAvailable(): boolean {
    return this.availability.isAvailable();
  }

  /**
   * Classifies an error and reports it to the flag. Returns the failure, for which a fallback
   * answers; undefined if the error is not one of Redis and must be rethrown.
   */
  reportError(error: unknown): Failure | undefined {
    const failure = this.#classify(error);
    if (failure === undefined) return undefined;
    if (failure.severity === 'bug') this.emit('bug', failure);
    const unbelievable = failure.severity === 'timeout' && this.stall.justHappened();
    if (!unbelievable) this.availability.recordFailure(failure);
    return failure;
  }

  /** Reports that a fallback answered; metrics listen. */
  recordFallback(used: FallbackUsed): void {
    this.emit('fallback', used);
  }
}
