import { EventEmitter } from 'node:events';
import { Admission, type Shed } from './admission.ts';
import { Availability, type AvailabilityThresholds } from './availability.ts';
import { type BreakerState, breakerState } from './breaker-state.ts';
import { CallLimit, PortCallTookTooLong } from './call-limit.ts';
import { redisName, requireDependencyName } from './dependency-name.ts';
import { EventLoopStall } from './event-loop-stall.ts';
import type { Classify, Failure } from './failure.ts';
import type { Fallback, Settings } from './fallback.ts';
import { FallbackCounts } from './fallback-counts.ts';
import { PortDrills } from './port-drills.ts';

export interface DegradedModeOptions<Name extends string = string> {
  /** Named in logs, metrics and `GET /v1/degraded`: `auth-service`. */
  readonly service: string;
  /**
   * The name of the dependency in replies, metrics and `GET /v1/degraded`: `object_store`. Default
   * `redis`.
   */
  readonly dependency?: Name;
  readonly classify: Classify;
  /**
   * What refusals say while it is down, in the place of "… is operating in degraded mode due to …
   * unavailability".
   */
  readonly refusalMessage?: string;
  /** False turns every declared fallback into fail closed. Default true. */
  readonly fallbackEnabled?: boolean;
  /**
   * The time limit of each call of a port on Redis, in milliseconds. A call that takes longer counts
   * as a time-out, and gets its fallback. Default 150; Infinity if the client has a limit itself.
   */
  readonly portLimitMs?: number;
  /**
   * The maximum of calls of ports that are under way at once; a call beyond it gets its fallback.
   * Default: none.
   */
  readonly maxCallsUnderWay?: number;
  /**
   * For how long after an outage the load is raised, from a tenth of the calls to all of them, in
   * milliseconds; the others get their fallbacks. Default: not at all, all calls reach it at once.
   */
  readonly rampMs?: number;
  /** When the flag moves, in the place of the defaults. */
  readonly thresholds?: Partial<AvailabilityThresholds>;
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
  /** A call did not reach the dependency though that is available. */
  shed: [Shed];
}

const defaultPortLimitMs = 150;
const timedOut: Failure = { severity: 'timeout', reason: 'timed out' };

/**
 * The state of one dependency in one process, Redis unless it is named otherwise, and the settings
 * of its fallbacks.
 */
export class DegradedMode<Name extends string = string> extends EventEmitter<DegradedModeEvents> {
  readonly service: string;
  readonly dependency: Name;
  readonly availability: Availability;
  readonly refusalMessage: string | undefined;
  readonly fallbackEnabled: boolean;
  readonly settings: Settings;
  readonly stall = new EventLoopStall();
  /** Drills of single ports; `availability` has the one of the dependency. */
  readonly portDrills = new PortDrills();
  readonly fallbackCounts = new FallbackCounts();
  /** The time limit of port calls; undefined if they have none. */
  readonly callLimit: CallLimit | undefined;
  /** Its bulkhead and its ramp; undefined if it has neither. */
  readonly admission: Admission | undefined;
  readonly #classify: Classify;

  constructor(options: DegradedModeOptions<Name>) {
    super();
    this.service = options.service;
    this.dependency = requireDependencyName(options.dependency ?? (redisName as Name));
    this.availability = new Availability(options.thresholds);
    this.#classify = options.classify;
    this.refusalMessage = options.refusalMessage;
    this.fallbackEnabled = options.fallbackEnabled ?? true;
    this.settings = options.settings ?? {};
    // The reconcilers hand over what the port's fallback kept, so they run after its drill too.
    this.portDrills.on('drillEnded', ({ port }) => {
      this.availability.recordFailure({ severity: 'hard', reason: `drill of ${port}` });
    });
    const limitMs = options.portLimitMs ?? defaultPortLimitMs;
    this.callLimit = Number.isFinite(limitMs) ? new CallLimit(limitMs) : undefined;
    const { maxCallsUnderWay, rampMs } = options;
    if (maxCallsUnderWay === undefined && rampMs === undefined) return;
    const admission = new Admission({ maxCallsUnderWay, rampMs });
    this.admission = admission;
    this.availability.on('recovered', () => admission.ramp?.begin());
  }

  /** The state as circuit breakers name it. */
  get breaker(): BreakerState {
    return breakerState(this.availability);
  }

  isAvailable(): boolean {
    return this.availability.isAvailable();
  }

  /** Whether a port may be used: Redis is available, and there is no drill of the port. */
  canUse(port: string): boolean {
    return this.availability.isAvailable() && !this.portDrills.holds(port);
  }

  /**
   * Whether a call may reach the dependency, which is available; it must leave the admission in the
   * end. Reports it otherwise.
   */
  admits(): boolean {
    const shed = this.admission?.enter();
    if (shed === undefined) return true;
    this.emit('shed', shed);
    return false;
  }

  /**
   * Classifies an error and reports it to the flag. Returns the failure, for which a fallback
   * answers; undefined if the error is not one of Redis and must be rethrown.
   */
  reportError(error: unknown): Failure | undefined {
    const failure = error instanceof PortCallTookTooLong ? timedOut : this.#classify(error);
    if (failure === undefined) return undefined;
    if (failure.severity === 'bug') this.emit('bug', failure);
    const unbelievable = failure.severity === 'timeout' && this.stall.justHappened();
    if (!unbelievable) this.availability.recordFailure(failure);
    return failure;
  }

  /** Reports that a fallback answered; metrics listen. */
  recordFallback(used: FallbackUsed): void {
    this.fallbackCounts.add(used.route, used.port);
    this.emit('fallback', used);
  }
}
