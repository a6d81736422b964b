import { EventEmitter } from 'node:events';
import type { DegradedMode } from './degraded-mode.ts';
import type { Failure } from './failure.ts';
import { defaultTiming, type MonitorTiming } from './monitor-timing.ts';
import { type DataChange, type Reconciler, worseChange } from './recovery.ts';
import { within } from './within.ts';

/**
 * The monitor's view of a client of Redis, or of a different dependency. Each method rejects if Redis cannot serve it, ideally
 * within 150 ms: three unanswered pings reveal a freeze.
 */
export interface Probes {
  /**
   * Resolves when the first connection stands, or has failed. Awaited before the first probe, for a
   * client that needs a moment for it.
   */
  connected?(): Promise<unknown>;
  /** The full check: the role is master, a write is read back, every command in use works. */
  full(): Promise<unknown>;
  /**
   * A bare PING of every connection. Without it, only calls and full probes notice an outage, so
   * let these follow each other soon.
   */
  ping?(): Promise<unknown>;
  /** The change of the data since the last call. Default: `restarted`, whatever happened. */
  dataChange?(): Promise<DataChange>;
}

export interface MonitorOptions {
  readonly mode: DegradedMode;
  readonly probes: Probes;
  /** Run in this order before the flag flips back. */
  readonly reconcilers: readonly Reconciler[];
  /** Seconds between full probes while available. */
  readonly healthCheckIntervalSeconds: number;
  /** The pace of the probes, in the place of the defaults. */
  readonly timing?: Partial<MonitorTiming>;
}

interface MonitorEvents {
  reconciled: [{ dataChange: DataChange; reconcilers: number; durationMs: number }];
  /** `failure` is undefined if the error is not one of Redis. */
  reconcilerFailed: [{ reconciler: string; error: unknown; failure: Failure | undefined }];
  /** A probe failed with an error that is not one of Redis. */
  probeFailed: [{ error: unknown }];
}

/** So that instances do not probe in step. */
const probeJitter = 0.2;
const maxPingsInFlight = 3;

/** Drives the flag: one probe loop per process, whatever the load. */
export class Monitor extends EventEmitter<MonitorEvents> {
  readonly #options: MonitorOptions;
  readonly #timing: MonitorTiming;
  #timer: NodeJS.Timeout | undefined;
  #nextFullProbeAt = 0;
  #pingsInFlight = 0;
  #probing = false;
  #nudged = false;
  #phase: 'stopped' | 'connecting' | 'running' = 'stopped';
  readonly #added: Reconciler[] = [];
  /** The change of the data that no recovery has reconciled yet. */
  #pendingChange: DataChange = 'sameData';

  constructor(options: MonitorOptions) {
    super();
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  /** Makes first contact, then runs until `stop`. Resolves when the flag is known. */
  async start(): Promise<void> {
    if (this.#phase !== 'stopped') return;
    this.#phase = 'connecting';
    this.#options.mode.stall.start();
    if (!(await this.#connected())) return;
    this.#options.mode.availability.on('changed', this.#schedule);
    this.#schedule();
    await this.#probe();
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#options.mode.availability.off('changed', this.#schedule);
    this.#options.mode.stall.stop();
    clearTimeout(this.#timer);
  }

  /**
   * Adds a reconciler behind the others, for what needs the client that the monitor follows. While
   * Redis is up it runs at once, as it has missed the first contact; if it fails, Redis counts as down
   * until it succeeds.
   */
  async addReconciler(reconciler: Reconciler): Promise<void> {
    this.#added.push(reconciler);
    if (!this.#options.mode.isAvailable()) return;
    await this.#reconcile(reconciler, 'firstContact');
  }

  /** Something changed (a connection was restored): probe now instead of at the next tick. */
  nudge(): void {
    if (this.#options.mode.isAvailable()) return;
    this.#nudged = true;
    if (!this.#probing) this.#hurry();
  }

  /** Awaits the first connection; returns false if the monitor was stopped meanwhile. */
  async #connected(): Promise<boolean> {
    const { probes } = this.#options;
    try {
      const connected = probes.connected?.();
      if (connected !== undefined) {
        await within(connected, this.#timing.connectionLimitMs, 'the first connection');
      }
    } catch {
      // The first probe says what is wrong.
    }
    if (this.#phase !== 'connecting') return false;
    this.#phase = 'running';
    return true;
  }

  readonly #schedule = (): void => {
    const { probeIntervalMs, idleMs, silentMs } = this.#timing;
    if (!this.#options.mode.isAvailable()) {
      this.#wakeIn(probeIntervalMs * (1 - probeJitter + 2 * probeJitter * Math.random()));
      return;
    }
    if (this.#options.probes.ping === undefined) {
      this.#wakeIn(Math.max(silentMs, this.#nextFullProbeAt - performance.now()));
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
    if (this.#phase !== 'running') return;
    this.#timer = setTimeout(() => this.#tick(), delayMs);
    this.#timer.unref();
  }

  #tick(): void {
    const probeDue =
      !this.#options.mode.isAvailable() || performance.now() >= this.#nextFullProbeAt;
    if (probeDue && !this.#probing) void this.#probe();
    // Also while a full probe or a reconciler waits, to detect a freeze then.
    else if (this.#silenceMs() >= this.#timing.idleMs) void this.#ping();
    this.#schedule();
  }

  async #ping(): Promise<void> {
    const { mode, probes } = this.#options;
    if (probes.ping === undefined || this.#pingsInFlight >= maxPingsInFlight) return;
    this.#pingsInFlight += 1;
    try {
      await within(probes.ping(), this.#timing.probeLimitMs, 'PING');
      mode.availability.recordSuccess();
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
      await within(probes.full(), this.#timing.probeLimitMs, 'the full probe');
      if (this.#phase !== 'stopped' && mode.availability.recordProbe()) await this.#recover();
    } catch (error) {
      this.#probeFailed(error);
    } finally {
      this.#probing = false;
    }
    if (this.#nudged) this.#hurry();
  }

  #hurry(): void {
    // Successful probes keep their interval: three in quick succession would prove nothing.
    if (this.#options.mode.availability.goodProbes === 0) this.#wakeIn(0);
  }

  async #recover(): Promise<void> {
    const { mode } = this.#options;
    const startedAt = performance.now();
    mode.availability.recovering();
    const seen = await this.#dataChange();
    this.#pendingChange = worseChange(this.#pendingChange, seen);
    const dataChange = this.#pendingChange;
    const reconcilers = [...this.#options.reconcilers, ...this.#added];
    for (const reconciler of reconcilers) {
      if (this.#phase === 'stopped' || !(await this.#reconcile(reconciler, dataChange))) return;
    }
    this.#pendingChange = 'sameData';
    mode.availability.recovered();
    const durationMs = performance.now() - startedAt;
    this.emit('reconciled', { dataChange, reconcilers: reconcilers.length, durationMs });
  }

  async #dataChange(): Promise<DataChange> {
    const seen = this.#options.probes.dataChange?.();
    if (seen === undefined) return 'restarted';
    return within(seen, this.#timing.probeLimitMs, 'the look at the data');
  }

  /** Returns false if it failed, which keeps the flag down. */
  async #reconcile(reconciler: Reconciler, dataChange: DataChange): Promise<boolean> {
    const { name } = reconciler;
    try {
      await within(reconciler.run({ dataChange }), this.#timing.reconcilerLimitMs, name);
      return true;
    } catch (error) {
      this.#reconcilerFailed(name, error);
      return false;
    }
  }

  /** A failed probe keeps the flag down even if the error is not one of Redis. */
  #probeFailed(error: unknown): void {
    const { mode } = this.#options;
    // Closing a connection on purpose is no outage.
    if (this.#phase === 'stopped') return;
    const failure = mode.reportError(error);
    if (failure === undefined) {
      if (mode.stall.justHappened()) return;
      this.emit('probeFailed', { error });
    }
    this.#failedForGood(failure, 'probe');
  }

  #reconcilerFailed(reconciler: string, error: unknown): void {
    const { mode } = this.#options;
    if (this.#phase === 'stopped') return;
    const failure = mode.reportError(error);
    this.emit('reconcilerFailed', { reconciler, error, failure });
    this.#failedForGood(failure, `reconciler: ${reconciler}`);
  }

  /** Moves the flag for errors that did not move it yet: a probe or a reconciler must succeed. */
  #failedForGood(failure: Failure | undefined, otherwise: string): void {
    if (failure !== undefined && failure.severity !== 'bug') return;
    const reason = failure?.reason ?? otherwise;
    this.#options.mode.availability.recordFailure({ severity: 'hard', reason });
  }
}
