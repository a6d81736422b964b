import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { History } from './history.ts';
import { describeFault, type PlannedFault } from './schedule.ts';

export interface FaultRun {
  readonly cluster: Cluster;
  readonly history: History;
  /** Milliseconds from the start of the run. */
  readonly now: () => number;
  /** When the schedule began, by the same clock. */
  readonly startMs: number;
  /** Told of each fault as it begins. */
  readonly announce: (line: string) => void;
}

/** Lets the planned faults happen, each at its time, or as soon as the one before is over. */
export async function injectFaults(
  schedule: readonly PlannedFault[],
  run: FaultRun,
): Promise<void> {
  for (const planned of schedule) {
    await delay(Math.max(0, run.startMs + planned.atMs - run.now()));
    run.announce(describeFault(planned));
    const beginMs = run.now();
    await happen(planned, run);
    run.history.faults.push({ planned, beginMs, endMs: run.now() });
  }
}

async function happen({ kind, lastsMs, instance }: PlannedFault, run: FaultRun): Promise<void> {
  const { redis } = run.cluster;
  if (kind === 'instance restarted') {
    await restart(String(instance), run);
    return;
  }
  if (kind === 'frozen') {
    redis.freeze();
    await delay(lastsMs);
    redis.thaw();
    return;
  }
  await redis.kill();
  const away = delay(lastsMs);
  if (kind === 'instance restarted during an outage') await restart(String(instance), run);
  await away;
  await redis.restart({ empty: kind === 'killed and emptied' });
}

async function restart(name: string, { cluster, history, now }: FaultRun): Promise<void> {
  const beginMs = now();
  const record = { instance: name, beginMs, endMs: Number.POSITIVE_INFINITY };
  history.restarts.push(record);
  const instance = cluster.named(name);
  await instance.close();
  await instance.start();
  history.restarts[history.restarts.indexOf(record)] = { ...record, endMs: now() };
}
