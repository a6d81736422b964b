import { fingerprintOf } from '../../services/gateway/src/signals/fingerprint.ts';
import { type Random, randomStream } from '../chaos/random.ts';

/** One alert of the run, each of a name of its own, so that no two make a storm. */
export interface PlannedAlert {
  readonly name: string;
  readonly pod: string;
  readonly fingerprint: string;
}

/** What one delivery says of its alerts. */
export interface PlannedDelivery {
  readonly status: 'firing' | 'resolved';
  /** One and the same may be there twice. */
  readonly alerts: readonly PlannedAlert[];
  /** When they began; Unix milliseconds. */
  readonly startsAtMs: number;
  /** When they ended. */
  readonly endsAtMs?: number;
}

/** Alerts that are resolved and fire again, in one group as Alertmanager has them. */
export interface Story {
  /** What comes first, until it is accepted; then all that follows, at once. */
  readonly resolved: PlannedDelivery;
  readonly later: readonly PlannedDelivery[];
}

export interface Plan {
  readonly alerts: readonly PlannedAlert[];
  /** The first phase: everything fires, in any order. */
  readonly deliveries: readonly PlannedDelivery[];
  /** The second phase: some of it is resolved, and fires again. */
  readonly stories: readonly Story[];
}

export interface PlanOptions {
  readonly seed: string;
  readonly alerts: number;
  readonly deliveries: number;
  /** Alerts of the second phase. */
  readonly resolved: number;
}

const namespace = 'payments';
const firstStartMs = Date.parse('2026-01-01T12:00:00Z');
const endMs = firstStartMs + 60_000;
const secondStartMs = endMs + 60_000;
const mostInBatch = 6;

/** What is delivered in a run, as a function of its arguments alone. */
export function planDeliveries({ seed, alerts, deliveries, resolved }: PlanOptions): Plan {
  const random = randomStream(seed, 'deliveries');
  const all = Array.from({ length: alerts }, (_, index) => plannedAlert(`${seed}-${index}`));
  // Each alert comes first in as many deliveries as any other.
  const firsts = Array.from({ length: deliveries }, (_, index) => all[index % alerts] ?? all[0]);
  return {
    alerts: all,
    deliveries: random
      .shuffled(firsts)
      .flatMap((first) => (first === undefined ? [] : [batch(first, all, random)])),
    stories: storiesOf(random.shuffled(all).slice(0, resolved), random),
  };
}

function plannedAlert(label: string): PlannedAlert {
  const [name, pod] = [`Delivered-${label}`, 'checkout-1'];
  const fingerprint = fingerprintOf({ name, namespace, resource: { kind: 'Pod', name: pod } });
  return { name, pod, fingerprint };
}

/** Mostly one alert; sometimes several; sometimes one and the same twice. */
function batch(first: PlannedAlert, all: readonly PlannedAlert[], random: Random): PlannedDelivery {
  const alerts = [first];
  if (random.chance(0.1)) {
    const more = random.integer(1, mostInBatch - 1);
    for (let count = 0; count < more; count += 1) alerts.push(random.pick(all));
  }
  if (random.chance(0.05)) alerts.push(random.pick(alerts));
  return { status: 'firing', alerts: random.shuffled(alerts), startsAtMs: firstStartMs };
}

function storiesOf(chosen: readonly PlannedAlert[], random: Random): Story[] {
  const stories: Story[] = [];
  for (let from = 0; from < chosen.length; ) {
    const alerts = chosen.slice(from, from + random.integer(1, 3));
    from += alerts.length;
    const first = { alerts, startsAtMs: firstStartMs, endsAtMs: endMs };
    const resolved: PlannedDelivery = { ...first, status: 'resolved' };
    const again: PlannedDelivery = { alerts, startsAtMs: secondStartMs, status: 'firing' };
    // What Alertmanager, or another one beside it, says once more arrives as late as it likes.
    stories.push({ resolved, later: random.shuffled([resolved, resolved, again, again, again]) });
  }
  return stories;
}

/** The body of a delivery, as Alertmanager sends it. */
export function webhookOf({ status, alerts, startsAtMs, endsAtMs }: PlannedDelivery): object {
  return {
    version: '4',
    receiver: 'secureconnect',
    groupKey: '{}',
    status,
    alerts: alerts.map(({ name, pod }) => ({
      status,
      labels: { alertname: name, namespace, pod, severity: 'critical' },
      annotations: { summary: 'it does not answer' },
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: endsAtMs === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAtMs).toISOString(),
    })),
  };
}
