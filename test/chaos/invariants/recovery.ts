import { operationNames } from '../declared.ts';
import type { Operation } from '../history.ts';
import { outagesOf, overlaps } from '../outages.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** Judges the gauges, and the round of every operation that is made when they are down. */
export const recovery: Invariant = {
  name: 'after the last fault all gauges return to 0 and every operation succeeds',
  judge(history) {
    const { gauges, afterwards } = history;
    const outages = outagesOf(history);
    const broken = [...gauges]
      .filter(([, gauge]) => gauge !== '0')
      .map(([instance, gauge]) => `redis_degraded_mode of ${instance} is ${gauge}`);
    if (gauges.size === 0) broken.push('no gauge was read');
    for (const name of operationNames) {
      if (!afterwards.some((operation) => operation.name === name)) broken.push(`no ${name}`);
    }
    const settled = afterwards.filter(({ startMs, endMs }) => !overlaps(outages, startMs, endMs));
    broken.push(...settled.filter(notNormal).map(inWords));
    return {
      broken,
      judged: afterwards.length,
      seen: `${gauges.size} gauges, ${afterwards.length} operations`,
    };
  },
};

function notNormal({ status, expected, degraded }: Operation): boolean {
  return !expected.includes(status) || degraded !== null;
}
