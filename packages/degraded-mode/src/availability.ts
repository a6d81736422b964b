import { EventEmitter } from 'node:events';
import { type Drill, startDrill } from './drill.ts';
import type { Failure } from './failure.ts';

export type AvailabilityState = 'unknown' | 'available' | 'unavailable' | 'recovering';

/** When the flag moves. */
export interface AvailabilityThresholds {
  /** The number of time-outs within the window that equal one hard failure. Default 3. */
  readonly timeoutsToEnter: number;
  /** In milliseconds. Default 1,000. */
  readonly timeoutWindowMs: number;
  /** Full probes that must succeed in a row. Default 3. */
  readonly goodProbesToLeave: number;
  /** A new outage this soon after a recovery counts as flapping. Default 60,000. */
  readonly flapWindowMs: number;
  /** For how long probes must succeed after flapping once; doubles each time. Default 1,000. */
  readonly firstHoldMs: number;
  /** Default 30,000. */
  readonly maxHoldMs: number;
}

const defaultThresholds: AvailabilityThresholds = {
  timeoutsToEnter: 3,
  timeoutWindowMs: 1000,
  goodProbesToLeave: 3,
  flapWindowMs: 60_000,
  firstHoldMs: 1000,
  maxHoldMs: 30_000,
};

interface AvailabilityEvents {
  /** Degraded mode begins, also at boot. Once per outage. */
  entered: [{ reason: string }];
  /** Degraded mode ends. Once per outage; a process's first contact is no recovery. */
  recovered: [{ reason: string; durationMs: number }];
  /** The reason changes within an outage. */
  reason: [{ reason: string }];
  /** A drill begins, and when it ends by itself. */
  drill: [{ endsAt: Date }];
  /** A drill is over; recovery begins. */
  drillEnded: [];
  /** Every change of state, for gauges. */
  changed: [AvailabilityState];
}

/**
 * The flag: whether Redis can be used. One per process. It has no timer and no connection;
 * commands, connections and the monitor report to it. Times are milliseconds of
 * `performance.now()`.
 */
export class Availability extends EventEmitter<AvailabilityEvents> {
  readonly #thresholds: AvailabilityThresholds;
  #state: AvailabilityState = 'unknown';
  #timeoutsAt: number[] = [];
  #goodProbes = 0;
  #goodSince = 0;
  #holdMs = 0;
  #outage: { readonly reason: string; readonly since: number; readonly at: Date } | undefined;
  #recoveredAt = Number.NEGATIVE_INFINITY;
  #lastAnswerAt = Number.NEGATIVE_INFINITY;
  #reason: string | undefined;
  #drill: Drill | undefined;

  constructor(thresholds: Partial<AvailabilityThresholds> = {}) {
    super();
    this.#thresholds = { ...defaultThresholds, ...thresholds };
  }

  get state(): AvailabilityState {
    return this.#state;
  }

  /** True in `available` only. */
  isAvailable(): boolean {
    return this.#state === 'available';
  }

  /** When Redis last answered anything. */
  get lastAnswerAt(): number {
    return this.#lastAnswerAt;
  }

  /** The last reason why Redis cannot be used; undefined while it can. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** When the outage under way began; undefined if there is none. */
  get downSince(): Date | undefined {
    return this.#outage?.at;
  }

  /** Consecutive successful full probes since the last failure, while not available. */
  get goodProbes(): number {
    return this.#goodProbes;
  }

  /** How long probes must succeed before the flag may flip; grows while flapping. */
  get holdMs(): number {
    return this.#holdMs;
  }

  /** When the drill under way ends by itself; undefined if there is none. */
  get drillEndsAt(): Date | undefined {
    return this.#drill?.endsAt;
  }

  /**
   * Acts as if Redis had failed, until the time is over or {@link endDrill}; then it recovers as from
   * any outage. @throws RangeError for a time that is not within an hour, Error during a drill
   */
  beginDrill(seconds: number): void {
    if (this.#drill !== undefined) throw new Error('there is a drill already; end it first');
    this.#drill = startDrill(seconds, () => this.endDrill());
    this.emit('drill', { endsAt: this.#drill.endsAt });
    this.recordFailure({ severity: 'hard', reason: 'drill' });
  }

  /** Ends the drill, if there is one. */
  endDrill(): void {
    if (this.#drill === undefined) return;
    this.#drill.stop();
    this.#drill = undefined;
    this.emit('drillEnded');
  }

  /** Redis answered a command, so earlier time-outs do not begin an outage. */
  recordSuccess(): void {
    this.#lastAnswerAt = performance.now();
    if (this.#timeoutsAt.length > 0) this.#timeoutsAt = [];
  }

  /** A command or a connection failed because of Redis. */
  recordFailure(failure: Failure): void {
    if (failure.severity === 'bug') return;
    this.#goodProbes = 0;
    if (this.#outage !== undefined && failure.isVague !== true) this.#because(failure.reason);
    if (this.#state === 'unavailable') return;
    if (failure.severity === 'hard' || this.#state !== 'available') {
      this.#enter(failure.reason);
      return;
    }
    const now = performance.now();
    const { timeoutWindowMs, timeoutsToEnter } = this.#thresholds;
    this.#timeoutsAt = this.#timeoutsAt.filter((at) => now - at < timeoutWindowMs);
    this.#timeoutsAt.push(now);
    if (this.#timeoutsAt.length >= timeoutsToEnter) this.#enter(failure.reason);
  }

  /** A full probe succeeded. Returns true when recovery may begin. */
  recordProbe(): boolean {
    this.recordSuccess();
    if (this.#state === 'available' || this.#drill !== undefined) return false;
    const now = performance.now();
    if (this.#goodProbes === 0) this.#goodSince = now;
    this.#goodProbes += 1;
    // Before the first contact no fallback was used, so one probe suffices.
    if (this.#state === 'unknown') return true;
    return (
      this.#goodProbes >= this.#thresholds.goodProbesToLeave &&
      now - this.#goodSince >= this.#holdMs
    );
  }

  /** Probes succeed; the reconcilers run now. */
  recovering(): void {
    if (this.#state !== 'available' && this.#drill === undefined) this.#change('recovering');
  }

  /** The reconcilers succeeded. A failure while they ran has already reverted `recovering`. */
  recovered(): void {
    if (this.#state !== 'recovering') return;
    const outage = this.#outage;
    this.#outage = undefined;
    this.#reason = undefined;
    this.#timeoutsAt = [];
    this.#change('available');
    if (outage === undefined) return;
    this.#recoveredAt = performance.now();
    this.emit('recovered', {
      reason: outage.reason,
      durationMs: this.#recoveredAt - outage.since,
    });
  }

  #enter(reason: string): void {
    this.#goodProbes = 0;
    this.#timeoutsAt = [];
    const begins = this.#outage === undefined;
    if (begins) {
      const now = performance.now();
      const flapping = now - this.#recoveredAt < this.#thresholds.flapWindowMs;
      this.#holdMs = flapping ? this.#nextHoldMs() : 0;
      this.#outage = { reason, since: now, at: new Date() };
      this.#reason = reason;
    }
    this.#change('unavailable');
    if (begins) this.emit('entered', { reason });
  }

  #nextHoldMs(): number {
    const { firstHoldMs, maxHoldMs } = this.#thresholds;
    return Math.min(maxHoldMs, Math.max(firstHoldMs, this.#holdMs * 2));
  }

  #because(reason: string): void {
    if (this.#reason === reason) return;
    this.#reason = reason;
    this.emit('reason', { reason });
  }

  #change(state: AvailabilityState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('changed', state);
  }
}
