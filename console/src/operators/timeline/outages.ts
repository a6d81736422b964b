import type { Fleet, FleetInstance } from '../fleet/fleet.ts';

/** A time in which an instance was not normal. */
export interface Outage {
  readonly service: string;
  /** Null for an instance that did not answer. */
  readonly instance: string | null;
  readonly kind: 'outage' | 'drill' | 'silence';
  readonly reason: string | undefined;
  /** As the instance says it; when it was first seen, where the instance says nothing. */
  readonly sinceMs: number;
  /** When it was last seen, or when it was over. */
  readonly untilMs: number;
  readonly isOver: boolean;
}

/** How many are kept. */
const maxOutages = 200;

/** The outages seen before, with what the fleet shows now; the newest first. */
export function withFleet(
  before: readonly Outage[],
  { instances }: Fleet,
  nowMs: number,
): readonly Outage[] {
  const current = instances.flatMap((instance) => outageOf(instance, nowMs));
  const open = before.filter(({ isOver }) => !isOver);
  const over = before.filter(({ isOver }) => isOver);
  const ended = open
    .filter((outage) => !current.some((each) => isSame(each, outage)))
    .map((outage) => ({ ...outage, untilMs: nowMs, isOver: true }));
  const continued = current.map((each) => {
    const known = open.find((outage) => isSame(outage, each));
    return known === undefined ? each : { ...each, sinceMs: Math.min(known.sinceMs, each.sinceMs) };
  });
  return [...continued, ...ended, ...over]
    .toSorted((one, other) => other.sinceMs - one.sinceMs)
    .slice(0, maxOutages);
}

function outageOf(instance: FleetInstance, nowMs: number): Outage[] {
  const { service, state, reason, since, drill_ends_at: drillEnd, port_drills: ports } = instance;
  if (state === 'normal') return [];
  const isDrill = drillEnd !== undefined || ports !== undefined;
  const degraded = isDrill ? 'drill' : 'outage';
  return [
    {
      service,
      instance: instance.instance,
      kind: state === 'unreachable' ? 'silence' : degraded,
      reason: ports === undefined ? reason : `ports ${Object.keys(ports).join(', ')}`,
      sinceMs: since === undefined ? nowMs : Date.parse(since),
      untilMs: nowMs,
      isOver: false,
    },
  ];
}

function isSame(one: Outage, other: Outage): boolean {
  return (
    one.service === other.service && one.instance === other.instance && one.kind === other.kind
  );
}
