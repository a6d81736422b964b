import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { percentile } from '../support/statistics.ts';
import type { Load, Loaded } from './load-process.ts';
import type { Figures, Outcomes, TrafficName } from './names.ts';

/** What is answered when the traffic is what it is called; to the peer a storm is so many new ones. */
const meant: Readonly<Record<TrafficName, readonly string[]>> = {
  new: ['created'],
  duplicate: ['duplicate'],
  storm: ['aggregated', 'created'],
};
/** Some may be answered otherwise: a storm ends after a minute, and begins again. */
const leastShare = 0.99;

/** Sends a load from a process of its own. Throws Error where its alerts were not what was meant. */
export async function measure(load: Load): Promise<Figures> {
  await using child = new Child({
    file: join(import.meta.dirname, 'load-process.ts'),
    values: [],
  });
  const limitMs = (load.warmUpSeconds + load.seconds) * 1000 + 60_000;
  const result = (await child.ask(load, limitMs)) as Loaded;
  checkOutcomes(load.traffic, result.outcomes);
  return figuresOf(result);
}

/** @throws Error where too many alerts were taken for something else */
export function checkOutcomes(traffic: TrafficName, outcomes: Outcomes): void {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const right = meant[traffic].reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
  if (right >= all * leastShare && all > 0) return;
  throw new Error(`${traffic} alerts were answered ${JSON.stringify(outcomes)}`);
}

export function figuresOf({ latenciesMs, seconds, refused }: Loaded): Figures {
  const all = [...latenciesMs];
  return {
    perSecond: all.length / seconds,
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    refused,
  };
}
