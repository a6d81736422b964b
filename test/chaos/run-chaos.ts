import { setTimeout as delay } from 'node:timers/promises';
import type { RedisServer } from '@secureconnect/testkit';
import { RedisWatch } from '../support/redis-watch.ts';
import { everyOperationOnce, readGauges, readStored } from './afterwards.ts';
import { startCluster } from './cluster.ts';
import { injectFaults } from './faults.ts';
import { emptyHistory, type History } from './history.ts';
import { applications } from './invariants/applications.ts';
import { isEndDue } from './invariants/calls.ts';
import { isSomethingDue, latestMs } from './invariants/deliveries.ts';
import type { Profile } from './profile.ts';
import { faultSchedule } from './schedule.ts';
import { readCallHistories, readCalls, untilCallsAreOver } from './stored-calls.ts';
import { storedRequests } from './stored-requests.ts';
import { act } from './users/user.ts';

export interface ChaosOptions {
  readonly profile: Profile;
  readonly seed: string;
  readonly durationMs: number;
  readonly redis: RedisServer;
  readonly databaseUrl: string;
  /** Told of each fault as it begins. */
  readonly announce: (line: string) => void;
  /** Given the history while it grows. */
  readonly watch?: (history: History, now: () => number) => void;
}

/** Room for a handful of files, so that uploads soon meet the quota. */
const quotaBytes = 10_000;

/** One run: a cluster, a crowd, the faults of the seed, then calm. Returns what happened. */
export async function runChaos(options: ChaosOptions): Promise<History> {
  const { profile, seed, durationMs, redis, databaseUrl, announce } = options;
  const { counts } = profile;
  const history = emptyHistory({ gateways: counts.gateway, quotaBytes });
  const origin = performance.now();
  const now = (): number => performance.now() - origin;
  using _watch = new RedisWatch(redis.port, now, history.slow);
  await using cluster = await startCluster({ redis, databaseUrl, history, now, counts });
  const crowdOptions = { seed, cluster, history, now };
  const crowd = await profile.gather(crowdOptions);
  options.watch?.(history, now);

  const startMs = now();
  const schedule = faultSchedule(seed, durationMs, profile);
  const faults = injectFaults(schedule, { cluster, history, now, startMs, announce });
  const isOver = (): boolean => now() - startMs >= durationMs;
  await Promise.all([faults, ...crowd.users.map((user) => act(user, isOver))]);
  await Promise.all(crowd.users.map((user) => user.settle?.()));
  await untilAllIsHeard(history);
  for (const user of crowd.users) user.leave?.();

  await readGauges(cluster, history);
  await everyOperationOnce(crowdOptions);
  await readStored(history, crowd.readers);
  await untilAppsHaveHeard(history);
  for (const user of crowd.users) await user.close?.();
  await untilCallsAreOver(databaseUrl);
  await readCalls(databaseUrl, history);
  await readCallHistories(history, crowd.callers);
  const { requests, stormMembers } = await storedRequests(databaseUrl);
  history.requests.push(...requests);
  history.stormMembers.push(...stormMembers);
  return history;
}

/** Lets what is due arrive; where it does not, the invariant says so. */
async function untilAppsHaveHeard(history: History): Promise<void> {
  const deadlineMs = performance.now() + latestMs;
  while (applications.judge(history).broken.length > 0 && performance.now() < deadlineMs)
    await delay(200);
}

/** Likewise for sockets and calls. */
async function untilAllIsHeard(history: History): Promise<void> {
  const deadlineMs = performance.now() + latestMs;
  while ((isSomethingDue(history) || isEndDue(history)) && performance.now() < deadlineMs)
    await delay(200);
}
