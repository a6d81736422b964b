import { setTimeout as after } from 'node:timers/promises';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { type FaultName, type FaultyRedis, faultyRedis } from './faults.ts';
import { type FlagChange, RunningLoad, startSubject } from './running.ts';
import type { Sample } from './sample.ts';
import type { SubjectName } from './subject-names.ts';

/** Requests a second of the open loop: far below what each subject can do, so queues stay empty. */
const ratePerSecond = 500;
/** Clients of the closed loop. */
const clients = 32;

/** How long each part of a run takes, in milliseconds. */
export const spans = {
  warmUp: 1200,
  before: 1500,
  /** Longer than the time-out, so that a request that would hang forever is seen to hang. */
  fault: 5500,
  after: 2800,
  throughput: 1500,
  /** Between the kill and the count of what is served without Redis. */
  settling: 500,
  /** Between the restart and the second count of what is served normally. */
  recovery: 2000,
} as const;

/** What happened in one run; times are milliseconds since the epoch. */
export interface FaultRun {
  readonly samples: readonly Sample[];
  readonly flagChanges: readonly FlagChange[];
  readonly beganMs: number;
  readonly servesMs: number;
}

/** Open loop through one fault: with Redis, without it, and with it again. */
export async function runFault(name: SubjectName, fault: FaultName): Promise<FaultRun> {
  return await withRedis(fault, async (redis) => {
    await using subject = await startSubject(name, redis.url);
    await using load = new RunningLoad({ kind: 'open', port: subject.port, ratePerSecond });
    await after(spans.warmUp + spans.before);
    const beganMs = await redis.begin();
    await after(spans.fault);
    const servesMs = await redis.end();
    await after(spans.after);
    const samples = await load.stop();
    return { samples, flagChanges: subject.flagChanges, beganMs, servesMs };
  });
}

/** The samples of one count. */
type Count = readonly Sample[];

export interface ThroughputRun {
  /** Before and after the outage, since a process grows faster while its code is compiled. */
  readonly normal: readonly [before: Count, after: Count];
  readonly degraded: Count;
}

/** Closed loop with Redis, once Redis has been killed, and with Redis again. */
export async function runThroughput(name: SubjectName): Promise<ThroughputRun> {
  return await withRedis('kill', async (redis) => {
    await using subject = await startSubject(name, redis.url);
    const { port } = subject;
    await closedLoop(port, spans.warmUp);
    const before = await closedLoop(port, spans.throughput);
    await redis.begin();
    await after(spans.settling);
    const degraded = await closedLoop(port, spans.throughput);
    await redis.end();
    await after(spans.recovery);
    return { normal: [before, await closedLoop(port, spans.throughput)], degraded };
  });
}

/** The samples that ended within `forMs`; what still waits then is counted where it ends. */
async function closedLoop(port: number, forMs: number): Promise<Count> {
  await using load = new RunningLoad({ kind: 'closed', port, clients });
  await after(forMs + processStartMs);
  return await load.stop();
}

/** Roughly what the load generator takes to start; the count begins with its first request. */
const processStartMs = 200;

async function withRedis<T>(fault: FaultName, use: (redis: FaultyRedis) => Promise<T>): Promise<T> {
  using folder = new TemporaryFolder();
  await using redis = await faultyRedis(fault, folder.path);
  return await use(redis);
}
