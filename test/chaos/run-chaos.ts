import type { RedisServer } from '../../packages/testkit/src/index.ts';
import { everyOperationOnce, readGauges, readStored } from './afterwards.ts';
import { startCluster } from './cluster.ts';
import { gatherCrowd } from './crowd.ts';
import { injectFaults } from './faults.ts';
import { emptyHistory, type History } from './history.ts';
import { faultSchedule } from './schedule.ts';
import { act } from './users/user.ts';

export interface ChaosOptions {
  readonly seed: string;
  readonly durationMs: number;
  readonly redis: RedisServer;
  readonly databaseUrl: string;
  /** Told of each fault as it begins. */
  readonly announce: (line: string) => void;
  /** Given the history while it grows. */
  readonly watch?: (history: History, now: () => number) => void;
}

/** Instances that may be restarted: those that have a fellow to go on meanwhile. */
export const restartable = ['auth-1', 'auth-2', 'chat-1', 'chat-2'] as const;

/** Room for a handful of files, so that uploads soon meet the quota. */
const quotaBytes = 10_000;

/** One run: a cluster, a crowd, the faults of the seed, then calm. Returns what happened. */
export async function runChaos(options: ChaosOptions): Promise<History> {
  const { seed, durationMs, redis, databaseUrl, announce } = options;
  const history = emptyHistory({ gateways: 2, quotaBytes });
  const origin = performance.now();
  const now = (): number => performance.now() - origin;
  await using cluster = await startCluster({ redis, databaseUrl, history, now });
  const crowdOptions = { seed, cluster, history, now };
  const crowd = await gatherCrowd(crowdOptions);
  options.watch?.(history, now);

  const startMs = now();
  const schedule = faultSchedule(seed, durationMs, restartable);
  const faults = injectFaults(schedule, { cluster, history, now, startMs, announce });
  const isOver = (): boolean => now() - startMs >= durationMs;
  await Promise.all([faults, ...crowd.users.map((user) => act(user, isOver))]);

  await readGauges(cluster, history);
  await everyOperationOnce(crowdOptions);
  await readStored(history, crowd.readers);
  return history;
}
