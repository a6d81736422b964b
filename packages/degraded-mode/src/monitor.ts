import { EventEmitter } from 'node:events';
import type { DegradedMode } from './degraded-mode.ts';
import type { DataChange, Reconciler } from './recovery.ts';

/** What the monitor needs of a Redis client; each rejects when Redis cannot serve it. */
export interface Probes {
  /** The whole check: PING, the role is master, a write that is read back. */
  full(): Promise<void>;
  /** A bare PING. */
  ping(): Promise<void>;
  /** Compares run id and epoch with what was seen last. */
  dataChange(): Promise<DataChange>;
}

export interface MonitorOptions {
  readonly mode: DegradedMode;
  readonly probes: Probes;
  readonly reconcilers: readonly Reconciler[];
  /** Seconds between full probes while available. */
  readonly healthCheckIntervalSeconds: number;
}

interface MonitorEvents {
  reconciled: [{ dataChange: DataChange; reconcilers: number; durationMs: number }];
  /** A reconciler failed for a reason that does not lie with Redis. */
  reconcilerFailed: [{ reconciler: string; error: unknown }];
}

/** While unavailable a full probe this often, with jitter. */
const probeIntervalMs = 250;
/** Idle this long, Redis is asked whether it is there. */
const idleMs = 250;
/** Unanswered, it is asked again this soon: three time-outs tell a freeze from a hiccup. */
const silentMs = 50;
const pingsInFlight = 3;

/** Drives the flag: one probe loop a process, whatever the load. */
export class Monitor extends EventEmitter<MonitorEvents> {
  readonly #options: MonitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #nextFullProbeAt = 0;
  #pingsInFlight = 0;
  #busy = false;
  #stopped = true;

  constructor(options: MonitorOptions) {
    super();
    this.#options = options;
  }

  /** Makes first contact, then goes on until `stop`. Resolves when the flag is known. */
  async start(): Promise<void> {
    this.#stopped = false;
    this.#options.mode.stall.start();
    this.#options.mode.availability.on('entered', this.#reschedule);
    await this.#probe();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.mode.availability.off('entered', this.#reschedule);
    this.#options.mode.stall.stop();
    clearTimeout(this.#timer);
  }

  /** Something changed (a connection came back): look now instead of at the next tick. */
  nudge(): void {
    if (this.#stopped || this.#options.mode.isAvailable()) return;
    this.#wakeIn(0);
  }

  readonly #reschedule = (): void => this.#schedule();

  #wakeIn(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), delayMs);
    this.#timer.unref();
  }

  #schedule(): void {
    const { availability } = this.#options.mode;
    if (!availability.isAvailable()) {
      this.#wakeIn(probeIntervalMs * (0.8 + 0.4 * Math.random()));
      return;
    }
    const silenceMs = performance.now() - availability.lastAnswerAt;
    this.#wakeIn(silenceMs >= idleMs ? silentMs : idleMs - silenceMs);
  }

  #tick(): void {
    const { availability } = this.#options.mode;
    const now = performance.now();
    const probeDue = !availability.isAvailable() || now >= this.#nextFullProbeAt;
    if (probeDue && !this.#busy) {
      void this.#probe().then(this.#reschedule);
      // A frozen Redis must be seen while the full probe waits for it.
      if (!availability.isAvailable()) return;
    } else if (now - availability.lastAnswerAt >= idleMs) {
      void this.#ping();
    }
    this.#schedule();
  }

  async #ping(): Promise<void> {
    if (this.#pingsInFlight >= pingsInFlight) return;
    this.#pingsInFlight += 1;
    try {
      await this.#options.probes.ping();
      this.#options.mode.availability.answered();
    } catch (error) {
      this.#options.mode.observe(error);
    } finally {
      this.#pingsInFlight -= 1;
    }
  }

  async #probe(): Promise<void> {
    const { mode, probes, healthCheckIntervalSeconds } = this.#options;
    this.#busy = true;
    this.#nextFullProbeAt = performance.now() + healthCheckIntervalSeconds * 1000;
    try {
      await probes.full();
      if (mode.availability.probed()) await this.#recover();
    } catch (error) {
      // A probe's fault always lies with Redis, even one that the classes do not know.
      if (mode.observe(error) === undefined) {
        mode.availability.failed({ severity: 'hard', reason: 'probe' });
      }
    } finally {
      this.#busy = false;
    }
  }

  async #recover(): Promise<void> {
    const { mode, probes, reconcilers } = this.#options;
    const startedAt = performance.now();
    mode.availability.recovering();
    const dataChange = await probes.dataChange();
    for (const reconciler of reconcilers) {
      try {
        await reconciler.run({ dataChange });
      } catch (error) {
        this.emit('reconcilerFailed', { reconciler: reconciler.name, error });
        throw error;
      }
    }
    mode.availability.recovered();
    const durationMs = performance.now() - startedAt;
    this.emit('reconciled', { dataChange, reconcilers: reconcilers.length, durationMs });
  }
}
