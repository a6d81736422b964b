import { setTimeout as delay } from 'node:timers/promises';
import { copyData, type RedisServer, rollBack } from '@secureconnect/testkit';
import type { Cluster } from './cluster.ts';
import type { History } from './history.ts';
import { describeFault, type PlannedFault, proxyFaultOf } from './schedule.ts';

/** So much of what Redis had acknowledged is gone after it was rolled back. */
const lostMs = 1500;

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

async function happen(planned: PlannedFault, run: FaultRun): Promise<void> {
  const { redis, proxy } = run.cluster;
  const { kind, lastsMs, instance } = planned;
  const proxied = proxyFaultOf(planned);
  if (proxied !== undefined) {
    await proxied.begin(proxy);
    await delay(lastsMs);
    await proxied.end(proxy);
    return;
  }
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
  if (kind === 'killed and rolled back') await keepAnOlderCopy(redis);
  await redis.kill();
  const away = delay(lastsMs);
  if (kind === 'instance restarted during an outage') await restart(String(instance), run);
  await away;
  await comeBack(kind, redis);
}

/** What is written from then on until the kill is lost. */
async function keepAnOlderCopy(redis: RedisServer): Promise<void> {
  await copyData(redis);
  await delay(lostMs);
}

async function comeBack(kind: string, redis: RedisServer): Promise<void> {
  if (kind === 'killed and rolled back') await rollBack(redis);
  else await redis.restart({ empty: kind === 'killed and emptied' });
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
