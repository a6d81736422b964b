import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict, warn } from '../outcome.ts';
import { nameOf } from '../redis/address.ts';
import type { SentinelAnswer, SentinelReport } from '../redis/ask-sentinel.ts';

/** "You need at least three Sentinel instances for a robust deployment" (the source). */
const minSentinels = 3;

/**
 * The sentinels can replace a lost master: three or more, of which a majority answers and agrees on
 * the master, and a quorum that a majority reaches. A quorum that is larger than the majority needs
 * sentinels that may be lost; one of 1 lets a single sentinel begin a failover by mistake.
 */
export const sentinelsCheck: Check = {
  name: 'sentinels',
  finds: 'too few sentinels, a quorum that they cannot reach, or no agreement on the master',
  source: 'https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/',
  async run(deployment) {
    const { kind, sentinels } = await deployment.redis();
    if (kind !== 'sentinel') return skipped('REDIS_SENTINELS is not set');
    const known = sentinels.flatMap(({ answer }) => (typeof answer === 'string' ? [] : [answer]));
    const [first] = known;
    const problems = [...silent(sentinels), ...numberOf(sentinels, known)];
    if (first === undefined) return verdict(problems, '');
    problems.push(...agreement(known), ...quorums(known), ...flagged(known));
    const fine = `${known.length} sentinels, quorum ${first.quorum}, agree on ${nameOf(first.master)}`;
    return verdict(problems, fine);
  },
};

const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

function silent(sentinels: readonly SentinelReport[]): Problem[] {
  const lost = sentinels.filter(({ answer }) => typeof answer === 'string');
  const isMajority = sentinels.length - lost.length >= majorityOf(sentinels.length);
  return lost.map(({ name, answer }) =>
    (isMajority ? warn : fail)(
      `sentinel ${name}: ${String(answer)}`,
      'an answer of every sentinel, and at least of a majority',
      'Start it, or correct REDIS_SENTINELS, REDIS_MASTER_NAME and REDIS_SENTINEL_PASSWORD.',
    ),
  );
}

function numberOf(listed: readonly SentinelReport[], known: readonly SentinelAnswer[]): Problem[] {
  const counts = [...new Set(known.map(({ sentinels }) => sentinels))];
  const action = 'Run three or five sentinels on different machines, and list all of them.';
  if (listed.length < minSentinels) {
    const found = `REDIS_SENTINELS lists ${listed.length}`;
    return [fail(found, `at least ${minSentinels} sentinels`, action)];
  }
  if (counts.every((count) => count === listed.length)) return [];
  return [
    warn(
      `REDIS_SENTINELS lists ${listed.length} sentinels, which count ${counts.join(' or ')}`,
      'the same number: a majority is counted of all that they know',
      'List all sentinels. Those that are gone for good are forgotten by SENTINEL RESET.',
    ),
  ];
}

function agreement(known: readonly SentinelAnswer[]): Problem[] {
  const masters = [...new Set(known.map(({ master }) => nameOf(master)))];
  if (masters.length === 1) return [];
  return [
    fail(
      `the sentinels name different masters: ${masters.join(', ')}`,
      'one master',
      'Wait for a failover to end; if it does not, compare SENTINEL MASTER of each sentinel.',
    ),
  ];
}

function quorums(known: readonly SentinelAnswer[]): Problem[] {
  const settings = [...new Set(known.map(({ quorum }) => quorum))];
  const count = Math.max(...known.map(({ sentinels }) => sentinels));
  const majority = majorityOf(count);
  const action = `Set SENTINEL SET <master> quorum ${majority} on every sentinel.`;
  const expected = `a quorum of ${majority} for ${count} sentinels`;
  if (settings.some((quorum) => quorum > majority)) {
    const found = `quorum ${Math.max(...settings)}: no failover once ${count - majority} of ${count} are lost`;
    return [fail(found, expected, action)];
  }
  if (settings.length > 1) {
    return [warn(`different quorums: ${settings.join(', ')}`, expected, action)];
  }
  if (settings[0] === 1 && count > 1) {
    return [warn('quorum 1: one sentinel alone decides that the master is down', expected, action)];
  }
  return [];
}

function flagged(known: readonly SentinelAnswer[]): Problem[] {
  const down = known.filter(({ flags }) => flags.some((flag) => /^[so]_down$/.test(flag)));
  if (down.length === 0) return [];
  return [
    fail(
      `${down.length} of ${known.length} sentinels think that the master is down`,
      'none',
      'Look at the master and at the network between it and the sentinels.',
    ),
  ];
}
