import type { Operation } from '../history.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

const failuresThatLock = 5;

/**
 * After five acknowledged wrong passwords an account is locked, also where an outage lies between
 * them or after them; and none is locked after fewer. (Runs are shorter than the 15 minutes of a
 * lock. A failure without a reply may have been counted or not.)
 */
export const lockouts: Invariant = {
  name: 'five wrong passwords lock an account, through outages too',
  judge({ operations }) {
    const logins = operations.filter(({ facts }) => facts.subject !== undefined);
    const broken: string[] = [];
    let locked = 0;
    for (const [, own] of Map.groupBy(logins, ({ facts }) => facts.subject)) {
      if (own.some(({ status }) => status === 423)) locked += 1;
      for (const operation of own) {
        const wrong = whatIsWrong(operation, own);
        if (wrong !== undefined) broken.push(`${wrong}; ${inWords(operation)}`);
      }
    }
    return { broken, judged: locked, seen: `${locked} accounts locked` };
  },
};

function whatIsWrong(operation: Operation, own: readonly Operation[]): string | undefined {
  const { status, startMs, endMs } = operation;
  const successes = own.filter((one) => one.status === 200 && one.endMs <= startMs);
  // A success forgives what had failed when it began, and nothing that fails meanwhile.
  const lastSuccess = {
    startMs: Math.max(Number.NEGATIVE_INFINITY, ...successes.map((one) => one.startMs)),
    endMs: Math.max(Number.NEGATIVE_INFINITY, ...successes.map((one) => one.endMs)),
  };
  const wrong = own.filter(
    (one) =>
      one.facts.password === 'wrong' && one !== operation && one.endMs >= lastSuccess.startMs,
  );
  const known = wrong.filter(
    (one) => one.status === 401 && one.endMs <= startMs && one.startMs >= lastSuccess.endMs,
  ).length;
  if ((status === 200 || status === 401) && known >= failuresThatLock) {
    return `not locked after ${known} failures`;
  }
  const possible = wrong.filter((one) => one.status !== 423 && one.startMs < endMs).length;
  if (status === 423 && possible < failuresThatLock) return `locked after ${possible} failures`;
  return undefined;
}
