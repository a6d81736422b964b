import { EventEmitter } from 'node:events';
import type { Failure } from './failure.ts';

export type AvailabilityState = 'unknown' | 'available' | 'unavailable' | 'recovering';

/** Time-outs within this window that are as good as one hard failure. */
const timeoutsToEnter = 3;
const timeoutWindowMs = 1000;
const goodProbesToLeave = 3;
/** Down again this soon after a recovery counts as flapping. */
const flapWindowMs = 60_000;
const firstHoldMs = 1000;
const maxHoldMs = 30_000;

interface AvailabilityEvents {
  /** Degraded mode begins, at boot too. Once an outage. */
  entered: [{ reason: string }];
  /** Degraded mode is over. Once an outage; the first contact of a process is no recovery. */
  recovered: [{ reason: string; durationMs: number }];
  /** Redis cannot be used for a different reason than before, within one outage. */
  reason: [{ reason: string }];
  /** Every change of state, for gauges. */
  changed: [AvailabilityState];
}

/**
 * The flag: whether Redis can be used. One a process. It holds no timer and opens no connection;
 * commands, connections and the monitor tell it what they saw. Times are milliseconds of
 * `performance.now()`.
 */
export class Availability extends EventEmitter<AvailabilityEvents> {
  #state: AvailabilityState = 'unknown';
  #timeoutsAt: number[] = [];
  #goodProbes = 0;
  #goodSince = 0;
  #holdMs = 0;
  #outage: { readonly reason: string; readonly since: number } | undefined;
  #recoveredAt = Number.NEGATIVE_INFINITY;
  #lastAnswerAt = Number.NEGATIVE_INFINITY;
  #reason: string | undefined;

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

  /** Why Redis cannot be used now, as it was last seen; undefined while it can. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Full probes that were good in a row since the last failure, while not available. */
  get goodProbes(): number {
    return this.#goodProbes;
  }

  /** How long good probes must go on before the flag may flip; grows while flapping. */
  get holdMs(): number {
    return this.#holdMs;
  }

  /** Redis answered a command: an earlier time-out was not the beginning of an outage. */
  answered(): void {
    this.#lastAnswerAt = performance.now();
    if (this.#timeoutsAt.length > 0) this.#timeoutsAt = [];
  }

  /** A command or a connection failed for a reason that lies with Redis. */
  failed(failure: Failure): void {
    if (failure.severity === 'bug') return;
    this.#goodProbes = 0;
    if (this.#outage !== undefined && failure.isVague !== true) this.#because(failure.reason);
    if (this.#state === 'unavailable') return;
    if (failure.severity === 'hard' || this.#state !== 'available') {
      this.#enter(failure.reason);
      return;
    }
    const now = performance.now();
    this.#timeoutsAt = this.#timeoutsAt.filter((at) => now - at < timeoutWindowMs);
    this.#timeoutsAt.push(now);
    if (this.#timeoutsAt.length >= timeoutsToEnter) this.#enter(failure.reason);
  }

  /** A full probe succeeded. Returns true when recovery may begin. */
  probed(): boolean {
    this.answered();
    if (this.#state === 'available') return false;
    const now = performance.now();
    if (this.#goodProbes === 0) this.#goodSince = now;
    this.#goodProbes += 1;
    // Nothing was served from substitutes before the first contact, so one probe is enough then.
    if (this.#state === 'unknown') return true;
    return this.#goodProbes >= goodProbesToLeave && now - this.#goodSince >= this.#holdMs;
  }

  /** Probes are good; the reconcilers run now. */
  recovering(): void {
    if (this.#state !== 'available') this.#change('recovering');
  }

  /** The reconcilers succeeded. A failure seen while they ran has already undone `recovering`. */
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
      const flapping = now - this.#recoveredAt < flapWindowMs;
      this.#holdMs = flapping ? nextHoldMs(this.#holdMs) : 0;
      this.#outage = { reason, since: now };
      this.#reason = reason;
    }
    this.#change('unavailable');
    if (begins) this.emit('entered', { reason });
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

function nextHoldMs(holdMs: number): number {
  return Math.min(maxHoldMs, Math.max(firstHoldMs, holdMs * 2));
}
