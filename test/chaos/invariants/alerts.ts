import type { DeliveredAlert, History, Operation } from '../history.ts';
import { type Place, placesByAlert, wrongStorms } from './alert-places.ts';
import type { Invariant } from './invariant.ts';

/** A delivery of one alert. */
interface Attempt {
  readonly alert: DeliveredAlert;
  readonly operation: Operation;
  readonly isAccepted: boolean;
}

/**
 * Judged by what is stored in the end: the requests, and the members of those of storms. A sender
 * tells one thing of an alert until it is accepted, so what it told last is what must be stored; only
 * while that was never accepted may it be either. One time of firing has one request, its own or that
 * of a storm, however often it was delivered.
 */
export const alerts: Invariant = {
  name: 'an active fingerprint has exactly one remediation request, and no accepted alert lacks one',
  judge(history) {
    const attempts = Map.groupBy(attemptsOf(history), ({ alert }) => alert.fingerprint);
    const stored = placesByAlert(history);
    const broken = wrongStorms(history);
    for (const fingerprint of stored.keys()) {
      if (!attempts.has(fingerprint)) broken.push(`${fingerprint} was never delivered`);
    }
    for (const [fingerprint, own] of attempts) {
      const places = stored.get(fingerprint) ?? [];
      const wrong = [...wrongActive(own, places), ...wrongFirings(own, places)];
      broken.push(...wrong.map((what) => `${fingerprint} ${what}`));
    }
    const firings = new Set(
      [...attempts.values()].flat().map(({ alert }) => `${alert.fingerprint} ${alert.startsAt}`),
    );
    const inStorms = `${history.stormMembers.length} in storms`;
    return {
      broken,
      judged: firings.size,
      seen: `${firings.size} firings of ${attempts.size} alerts, ${inStorms}`,
    };
  },
};

function attemptsOf({ operations, afterwards }: History): Attempt[] {
  return [...operations, ...afterwards].flatMap((operation) => {
    const isAccepted = operation.status === 201 || operation.status === 202;
    return (operation.facts.alerts ?? []).map((alert) => ({ alert, operation, isAccepted }));
  });
}

function wrongActive(own: readonly Attempt[], places: readonly Place[]): string[] {
  const active = places.filter(({ isActive }) => isActive);
  if (active.length > 1) return [`has ${active.length} active requests`];
  const told = own.toSorted((a, b) => a.operation.startMs - b.operation.startMs);
  const last = told.at(-1)?.alert;
  if (last === undefined || !told.some((one) => one.isAccepted && isSame(one.alert, last)))
    return [];
  const due = last.status === 'firing' ? 1 : 0;
  if (active.length === due) return [];
  return [`is ${last.status} by its last accepted delivery, and has ${active.length} active`];
}

function isSame(one: DeliveredAlert, other: DeliveredAlert): boolean {
  return one.startsAt === other.startsAt && one.status === other.status;
}

function wrongFirings(own: readonly Attempt[], places: readonly Place[]): string[] {
  const wrong: string[] = [];
  const stored = Map.groupBy(places, ({ firingTime }) => firingTime);
  for (const [startsAt, same] of stored) {
    if (same.length > 1) wrong.push(`has ${same.length} requests for its firing at ${startsAt}`);
  }
  const fired = own.filter(({ alert, isAccepted }) => isAccepted && alert.status === 'firing');
  for (const [startsAt, same] of Map.groupBy(fired, ({ alert }) => alert.startsAt)) {
    const names = new Set(same.map(({ alert, operation }) => requestNamed(operation, alert)));
    if (names.size > 1)
      wrong.push(`fired at ${startsAt} and was given ${[...names].join(' and ')}`);
    const isStored = stored.get(startsAt)?.some(({ requestName }) => names.has(requestName));
    if (isStored !== true) {
      wrong.push(`was accepted as firing at ${startsAt}, and has no request`);
    }
  }
  return wrong;
}

/** The request that a reply names for an alert. */
function requestNamed({ body, facts }: Operation, alert: DeliveredAlert): string {
  const reply = JSON.parse(body);
  const results: { readonly remediationRequestName?: string }[] = reply.results ?? [reply];
  const index = (facts.alerts ?? []).indexOf(alert);
  return results[index]?.remediationRequestName ?? 'none';
}
