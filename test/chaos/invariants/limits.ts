import type { History, Operation } from '../history.ts';
import { outagesOf } from '../outages.ts';
import { grantedByLimit } from './granted.ts';
import type { Invariant } from './invariant.ts';

const windowMs = 60_000;

/**
 * Normally, no more than the limit in any 60 s. Across an outage each gateway continues alone with
 * its share of the limit, so all of them together may grant one more window's worth of shares.
 */
export const limits: Invariant = {
  name: 'no limit grants more than itself and one hand-over within 60 s',
  judge(history) {
    const broken: string[] = [];
    const granted = grantedByLimit(history.operations);
    let nearest = { share: 0, text: 'no limit was asked for' };
    for (const [key, { granted: times, perMinute }] of granted) {
      const handOver = history.gateways * Math.ceil(perMinute / history.gateways);
      const { max, maxInNormalOperation } = fullestWindows(times, history);
      const text = `${key}: ${max} granted at a limit of ${perMinute}, ${maxInNormalOperation} in normal operation`;
      if (max > perMinute + handOver || maxInNormalOperation > perMinute) broken.push(text);
      if (max / perMinute > nearest.share) nearest = { share: max / perMinute, text };
    }
    return { broken, judged: granted.size, seen: nearest.text };
  },
};

/** The most that was granted in 60 s, and the most in such a window until the next outage. */
function fullestWindows(
  granted: readonly Operation[],
  history: History,
): { max: number; maxInNormalOperation: number } {
  const outages = outagesOf(history);
  let [max, maxInNormalOperation] = [0, 0];
  for (const { startMs: fromMs } of granted) {
    const untilMs = fromMs + windowMs;
    const begins = outages.filter(({ endMs }) => endMs >= fromMs).map(({ beginMs }) => beginMs);
    const usualUntilMs = Math.min(untilMs, ...begins);
    // Only what began and ended within the window was granted within it for certain.
    const inside = granted.filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= untilMs);
    max = Math.max(max, inside.length);
    const usual = inside.filter(({ endMs }) => endMs <= usualUntilMs);
    maxInNormalOperation = Math.max(maxInNormalOperation, usual.length);
  }
  return { max, maxInNormalOperation };
}
