import type { Operation } from '../history.ts';

/** What one user or session was granted under one limit. */
export interface Granted {
  readonly perMinute: number;
  readonly granted: readonly Operation[];
}

/** Granted requests by subject and limit, such as `user-3 messages`: all that were not 429. */
export function grantedByLimit(operations: readonly Operation[]): Map<string, Granted> {
  const counted = operations.filter(
    ({ limit, status }) => limit !== undefined && status !== 429 && status !== 0,
  );
  const byLimit = Map.groupBy(counted, limitKeyOf);
  return new Map(
    [...byLimit].map(([key, granted]) => [
      key,
      { granted, perMinute: granted[0]?.limit?.perMinute ?? 0 },
    ]),
  );
}

export function limitKeyOf({ limit }: Operation): string {
  return `${limit?.subject} ${limit?.name}`;
}
