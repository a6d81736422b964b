import type { DeliveredAlert, History, Operation, StoredRequest } from '../history.ts';
import type { Invariant } from './invariant.ts';

/** A delivery of one alert. */
interface Attempt {
  readonly alert: DeliveredAlert;
  readonly operation: Operation;
  readonly isAccepted: boolean;
}

/**
 * Judged by the requests that are stored in the end. A sender tells one thing of an alert until it is
 * accepted, so what it told last is what must be stored; only while that was never accepted may it be
 * either. One time of firing has one request, however often it was delivered.
 */
export const alerts: Invariant = {
  name: 'an active fingerprint has exactly one remediation request, and no accepted alert lacks one',
  judge(history) {
    const broken: string[] = [];
    const attempts = Map.groupBy(attemptsOf(history), ({ alert }) => alert.fingerprint);
    const stored = Map.groupBy(history.requests, ({ fingerprint }) => fingerprint);
    for (const [fingerprint, own] of attempts) {
      const requests = stored.get(fingerprint) ?? [];
      broken.push(...wrongActive(own, requests).map((what) => `${fingerprint} ${what}`));
      broken.push(...doubles(own, requests).map((what) => `${fingerprint} ${what}`));
    }
    const firings = new Set(
      [...attempts.values()].flat().map(({ alert }) => `${alert.fingerprint} ${alert.startsAt}`),
    );
    return { broken, seen: `${firings.size} firings of ${attempts.size} alerts` };
  },
};

function attemptsOf({ operations, afterwards }: History): Attempt[] {
  return [...operations, ...afterwards].flatMap((operation) => {
    const isAccepted = operation.status === 201 || operation.status === 202;
    return (operation.facts.alerts ?? []).map((alert) => ({ alert, operation, isAccepted }));
  });
}

function wrongActive(own: readonly Attempt[], requests: readonly StoredRequest[]): string[] {
  const active = requests.filter(({ isActive }) => isActive);
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

function doubles(own: readonly Attempt[], requests: readonly StoredRequest[]): string[] {
  const wrong: string[] = [];
  const byTime = Map.groupBy(requests, ({ firingTime }) => firingTime);
  for (const [startsAt, same] of byTime) {
    if (same.length > 1) wrong.push(`has ${same.length} requests for its firing at ${startsAt}`);
  }
  const fired = own.filter(({ alert, isAccepted }) => isAccepted && alert.status === 'firing');
  for (const [startsAt, same] of Map.groupBy(fired, ({ alert }) => alert.startsAt)) {
    const names = new Set(same.map(({ alert, operation }) => requestNamed(operation, alert)));
    if (names.size > 1)
      wrong.push(`fired at ${startsAt} and was given ${[...names].join(' and ')}`);
    const isStored = requests.some(({ name }) => names.has(name));
    if (!isStored) wrong.push(`was accepted as firing at ${startsAt}, and has no request`);
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
