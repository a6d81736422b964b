import type { TrafficName } from './names.ts';

/** Active alerts that are delivered again and again. */
const known = 500;
/** Alerts in a storm, each of other resources all the time. */
const storms = 10;

/**
 * Deliveries of one alert each, as Alertmanager sends them.
 * @param label tells the alerts of one measurement from those of others
 */
export class Traffic {
  readonly #kind: TrafficName;
  readonly #label: string;
  #made = 0;

  constructor(kind: TrafficName, label: string) {
    this.#kind = kind;
    this.#label = label;
  }

  /** What is delivered before anything is measured, so that the rest is what it is meant to be. */
  *before(): Generator<string> {
    if (this.#kind === 'duplicate') for (let one = 0; one < known; one += 1) yield this.#alert(one);
    if (this.#kind !== 'storm') return;
    // Six resources of one name are a storm.
    for (let one = 0; one < 6 * storms; one += 1) yield this.next();
  }

  /** The body of the next delivery. */
  next(): string {
    this.#made += 1;
    if (this.#kind === 'duplicate') return this.#alert(Math.floor(Math.random() * known));
    if (this.#kind === 'new') return this.#alert(this.#made);
    return this.#alert(this.#made % storms, `checkout-${this.#made}`);
  }

  #alert(number: number, pod = 'checkout-1'): string {
    const labels = {
      alertname: `Bench-${this.#label}-${number}`,
      namespace: 'payments',
      severity: 'critical',
      pod,
    };
    const alert = {
      status: 'firing',
      labels,
      annotations: { summary: 'it does not answer', runbook_url: 'https://example.com/runbook' },
      startsAt: '2026-01-01T12:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://prometheus.example.com/graph',
      fingerprint: '0123456789abcdef',
    };
    const delivery = { version: '4', receiver: 'secureconnect', groupKey: '{}', alerts: [alert] };
    return JSON.stringify({ ...delivery, externalURL: 'https://alertmanager.example.com' });
  }
}
