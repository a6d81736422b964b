import { EventEmitter } from 'node:events';
import type { DegradedMode } from './degraded-mode.ts';
import type { Failure } from './failure.ts';
import { type DataChange, type Reconciler, worseChange } from './recovery.ts';
import { within } from './within.ts';

/**
 * What the monitor needs of a Redis client. Each rejects when Redis cannot serve it, best within
 * 150 ms: three unanswered pings are how a freeze is seen.
 */
export interface Probes {
  /** The whole check: the role is master, a write is read back, all that the process uses works. */
  full(): Promise<unknown>;
  /** A bare PING of every connection. */
  ping(): Promise<unknown>;
  /** What happened to the data since this was last asked. */
  dataChange(): Promise<DataChange>;
}

export interface MonitorOptions {
  readonly mode: DegradedMode;
  readonly probes: Probes;
  /** Run in this order before the flag flips back. */
  readonly reconcilers: readonly Reconciler[];
  /** Seconds between full probes while available. */
  readonly healthCheckIntervalSeconds: number;
}

interface MonitorEvents {
  reconciled: [{ dataChange: DataChange; reconcilers: number; durationMs: number }];
  /** `failure` is undefined where the error is not one of Redis. */
  reconcilerFailed: [{ reconciler: string; error: unknown; failure: Failure | undefined }];
  /** A probe failed with an error that is not one of Redis. */
  probeFailed: [{ error: unknown }];
}

/** While unavailable a full probe this often, with jitter so that instances do not act in step. */
const probeIntervalMs = 250;
const probeJitter = 0.2;
/** Idle this long, Redis is asked whether it is there. */
const idleMs = 250;
/** Unanswered, it is asked again this soon: three time-outs tell a freeze from a hiccup. */
const silentMs = 25;
const maxPingsInFlight = 3;
/** For clients without a time-out of their own. */
const probeLimitMs = 1000;
const reconcilerLimitMs = 30_000;

/** Drives the flag: one probe loop a process, whatever the load. */
export class Monitor extends EventEmitter<MonitorEvents> {
  readonly #options: MonitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #nextFullProbeAt = 0;
  #pingsInFlight = 0;
  #probing = false;
  #nudged = false;
  #stopped = true;
  /** What no recovery has made good yet. */
  #pendingChange: DataChange = 'sameData';

  constructor(options: MonitorOptions) {
    super();
    this.#options = options;
  }

  /** Makes first contact, then goes on until `stop`. Resolves when the flag is known. */
  async start(): Promise<void> {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#options.mode.stall.start();
    this.#options.mode.availability.on('changed', this.#schedule);
    this.#schedule();
    await this.#probe();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.mode.availability.off('changed', this.#schedule);
    this.#options.mode.stall.stop();
    clearTimeout(this.#timer);
  }

  /** Something changed (a connection came back): look now instead of at the next tick. */
  nudge(): void {
    if (this.#options.mode.isAvailable()) return;
    this.#nudged = true;
    if (!this.#probing) this.#hurry();
  }

  readonly #schedule = (): void => {
    if (!this.#options.mode.isAvailable()) {
      this.#wakeIn(probeIntervalMs * (1 - probeJitter + 2 * probeJitter * Math.random()));
      return;
    }
    const silenceMs = this.#silenceMs();
    this.#wakeIn(silenceMs >= idleMs ? silentMs : idleMs - silenceMs);
  };

  #silenceMs(): number {
    return performance.now() - this.#options.mode.availability.lastAnswerAt;
  }

  #wakeIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#tick(), delayMs);
    this.#timer.unref();
  }

  #tick(): void {
    const probeDue =
      !this.#options.mode.isAvailable() || performance.now() >= this.#nextFullProbeAt;
    if (probeDue && !this.#probing) void this.#probe();
    // Also while a full probe or a reconciler waits: a Redis that freezes then must be seen.
    else if (this.#silenceMs() >= idleMs) void this.#ping();
    this.#schedule();
  }

  async #ping(): Promise<void> {
    if (this.#pingsInFlight >= maxPingsInFlight) return;
    const { mode, probes } = this.#options;
    this.#pingsInFlight += 1;
    try {
      await within(probes.ping(), probeLimitMs, 'PING');
      mode.availability.answered();
    } catch (error) {
      this.#probeFailed(error);
    } finally {
      this.#pingsInFlight -= 1;
    }
  }

  async #probe(): Promise<void> {
    const { mode, probes, healthCheckIntervalSeconds } = this.#options;
    this.#probing = true;
    this.#nudged = false;
    this.#nextFullProbeAt = performance.now() + healthCheckIntervalSeconds * 1000;
    try {
      await within(probes.full(), probeLimitMs, 'the full probe');
      if (!this.#stopped && mode.availability.probed()) await this.#recover();
    } catch (error) {
      this.#probeFailed(error);
    } finally {
      this.#probing = false;
    }
    if (this.#nudged) this.#hurry();
  }

  #hurry(): void {
    // Good probes keep their pace: three of them in a moment would say nothing.
    if (this.#options.mode.availability.goodProbes === 0) this.#wakeIn(0);
  }

  async #recover(): Promise<void> {
    const { mode, probes, reconcilers } = this.#options;
    const startedAt = performance.now();
    mode.availability.recovering();
    const seen = await within(probes.dataChange(), probeLimitMs, 'the look at the data');
    this.#pendingChange = worseChange(this.#pendingChange, seen);
    const dataChange = this.#pendingChange;
    for (const reconciler of reconcilers) {
      if (this.#stopped) return;
      try {
        await within(reconciler.run({ dataChange }), reconcilerLimitMs, reconciler.name);
      } catch (error) {
        this.#reconcilerFailed(reconciler.name, error);
        return;
      }
    }
    this.#pendingChange = 'sameData';
    mode.availability.recovered();
    const durationMs = performance.now() - startedAt;
    this.emit('reconciled', { dataChange, reconcilers: reconcilers.length, durationMs });
  }

  /** A fault here keeps the flag down even when the error is not one that Redis is known for. */
  #probeFailed(error: unknown): void {
    const { mode } = this.#options;
    // The end of a connection that was closed on purpose is no outage.
    if (this.#stopped) return;
    const failure = mode.observe(error);
    if (failure === undefined) {
      if (mode.stall.justHappened()) return;
      this.emit('probeFailed', { error });
    }
    this.#failedForGood(failure, 'probe');
  }

  #reconcilerFailed(reconciler: string, error: unknown): void {
    const { mode } = this.#options;
    if (this.#stopped) return;
    const failure = mode.observe(error);
    this.emit('reconcilerFailed', { reconciler, error, failure });
    this.#failedForGood(failure, `reconciler: ${reconciler}`);
  }

  /** What has not moved the flag elsewhere does so here: a probe or a reconciler must succeed. */
  #failedForGood(failure: Failure | undefined, otherwise: string): void {
    if (failure !== undefined && failure.severity !== 'bug') return;
    const reason = failure?.reason ?? otherwise;
    this.#options.mode.availability.failed({ severity: 'hard', reason });
  }
}
