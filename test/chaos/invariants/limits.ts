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
    let nearest = { share: 0, text: 'no limit was asked for' };
    for (const [key, { granted, perMinute }] of grantedByLimit(history.operations)) {
      const handOver = history.gateways * Math.ceil(perMinute / history.gateways);
      const { most, mostNormally } = fullestWindows(granted, history);
      const text = `${key}: ${most} granted at a limit of ${perMinute}, ${mostNormally} in normal operation`;
      if (most > perMinute + handOver || mostNormally > perMinute) broken.push(text);
      if (most / perMinute > nearest.share) nearest = { share: most / perMinute, text };
    }
    return { broken, seen: nearest.text };
  },
};

/** The most that was granted in 60 s, and the most in such a window until the next outage. */
function fullestWindows(
  granted: readonly Operation[],
  history: History,
): { most: number; mostNormally: number } {
  const outages = outagesOf(history);
  let [most, mostNormally] = [0, 0];
  for (const { startMs: fromMs } of granted) {
    const untilMs = fromMs + windowMs;
    const begins = outages.filter(({ endMs }) => endMs >= fromMs).map(({ beginMs }) => beginMs);
    const usualUntilMs = Math.min(untilMs, ...begins);
    // Only what began and ended within the window was granted within it for certain.
    const inside = granted.filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= untilMs);
    most = Math.max(most, inside.length);
    const usual = inside.filter(({ endMs }) => endMs <= usualUntilMs);
    mostNormally = Math.max(mostNormally, usual.length);
  }
  return { most, mostNormally };
}
