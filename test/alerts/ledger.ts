import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { type Alarm, fingerprintOf, isOf } from './alarm.ts';
import type { Ground } from './ground.ts';

/** What became of the alerts that fire now. */
export interface Counts {
  readonly fired: number;
  /** Requests that are active. */
  readonly active: number;
  /** Alerts without a request that Alertmanager still holds. */
  readonly waiting: number;
  /** Alerts without a request that nobody holds. */
  readonly lost: number;
  /** Requests that are too many: of one time that an alert fired, or of none that fires. */
  readonly doubled: number;
}

interface Requests {
  readonly all: number;
  readonly active: number;
}

/** What fired, and how often; held against the store itself. */
export class Ledger {
  readonly #ground: Ground;
  readonly #firing = new Set<Alarm>();
  readonly #times = new Map<Alarm, number>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Alarms fire, by Prometheus. */
  fire(alarms: readonly Alarm[]): void {
    this.#note(alarms);
    this.#ground.exporter.set(alarms, 1);
  }

  /** They no longer do, as Prometheus is told. */
  end(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) this.#firing.delete(alarm);
    this.#ground.exporter.set(alarms, 0);
  }

  /** Alarms fire at this moment: Alertmanager is told directly. */
  async post(alarms: readonly Alarm[]): Promise<void> {
    this.#note(alarms);
    const posted = alarms.map((alarm) => ({ labels: { ...alarm, severity: 'critical' } }));
    await this.#ground.alertmanager.post(posted);
  }

  /** Holds the store against what fired. */
  async counts(): Promise<Counts> {
    const held = await this.#ground.alertmanager.active();
    const stored = await this.#stored();
    const isActive = (alarm: Alarm) => (stored.get(fingerprintOf(alarm))?.active ?? 0) > 0;
    const without = [...this.#firing].filter((alarm) => !isActive(alarm));
    const waiting = without.filter((alarm) => held.some(isOf(alarm))).length;
    const requests = [...stored.values()];
    return {
      fired: this.#firing.size,
      active: requests.reduce((sum, { active }) => sum + active, 0),
      waiting,
      lost: without.length - waiting,
      doubled: this.#doubled(stored),
    };
  }

  /** Waits until every alarm that fires has a request, and nothing else has. */
  async untilTaken(): Promise<Counts> {
    return await eventually(
      async () => {
        const counts = await this.counts();
        const all = this.#firing.size;
        const said = this.#ground.gateways.map(({ replies }) => replies.at(-1)?.status);
        expect(counts, `the gateways answered ${said} last`).toEqual({
          fired: all,
          active: all,
          waiting: 0,
          lost: 0,
          doubled: 0,
        });
        return counts;
      },
      { timeoutMs: 40_000, intervalMs: 50 },
    );
  }

  #note(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) {
      this.#firing.add(alarm);
      this.#times.set(alarm, (this.#times.get(alarm) ?? 0) + 1);
    }
  }

  #doubled(stored: ReadonlyMap<string, Requests>): number {
    const allowed = new Map(
      [...this.#times].map(([alarm, times]) => [fingerprintOf(alarm), times]),
    );
    let doubled = 0;
    for (const [fingerprint, { all, active }] of stored) {
      const tooMany = Math.max(0, all - (allowed.get(fingerprint) ?? 0));
      doubled += Math.max(tooMany, active - 1);
    }
    return doubled;
  }

  async #stored(): Promise<ReadonlyMap<string, Requests>> {
    const rows = await this.#ground.database.query<{
      signal_fingerprint: string;
      all: string;
      active: string;
    }>(
      `SELECT signal_fingerprint, count(*) AS all, count(*) FILTER (WHERE closed_at IS NULL) AS active
       FROM gateway.remediation_requests GROUP BY signal_fingerprint`,
    );
    return new Map(
      rows.map((row) => [
        row.signal_fingerprint,
        { all: Number(row.all), active: Number(row.active) },
      ]),
    );
  }
}
