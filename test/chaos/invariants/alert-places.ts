import type { History } from '../history.ts';

/** One remediation of an alert: by a request of its own, or by that of the storm that it is in. */
export interface Place {
  /** Of the alert. */
  readonly fingerprint: string;
  readonly requestName: string;
  readonly firingTime: string;
  readonly isActive: boolean;
}

/** Every remediation that is stored, by the fingerprint of its alert. */
export function placesByAlert({
  requests,
  stormMembers,
}: History): ReadonlyMap<string, readonly Place[]> {
  const own = requests
    .filter(({ isStorm }) => !isStorm)
    .map(({ name: requestName, ...rest }) => ({ ...rest, requestName }));
  return Map.groupBy<string, Place>([...own, ...stormMembers], ({ fingerprint }) => fingerprint);
}

/**
 * What is wrong with the requests of storms: each is active while one of its members is, and a storm
 * has one that is active.
 */
export function wrongStorms({ requests, stormMembers }: History): string[] {
  const wrong: string[] = [];
  const members = Map.groupBy(stormMembers, ({ requestName }) => requestName);
  const storms = requests.filter(({ isStorm }) => isStorm);
  const names = new Set(storms.map(({ name }) => name));
  for (const name of members.keys()) {
    if (!names.has(name)) wrong.push(`${name} has members, and is no request of a storm`);
  }
  for (const { name, isActive } of storms) {
    const active = (members.get(name) ?? []).filter((member) => member.isActive);
    if (active.length > 0 !== isActive) {
      wrong.push(
        `${name} is ${isActive ? 'active' : 'closed'}, with ${active.length} active members`,
      );
    }
  }
  for (const [storm, own] of Map.groupBy(storms, ({ fingerprint }) => fingerprint)) {
    const active = own.filter(({ isActive }) => isActive);
    if (active.length > 1) wrong.push(`the storm ${storm} has ${active.length} active requests`);
  }
  return wrong;
}
