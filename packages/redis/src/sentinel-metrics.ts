import {
  counter,
  gauge,
  type Logger,
  repeatEvery,
  type ServiceMetrics,
} from '@secureconnect/service';
import type { Redis } from 'ioredis';
import type { RedisAddress } from './address.ts';
import { disconnect } from './client.ts';
import { sentinelClient } from './sentinel-client.ts';
import { fields, list } from './sentinel-replies.ts';

export interface SentinelMetricsOptions {
  readonly address: RedisAddress;
  readonly metrics: ServiceMetrics;
  /** As the label `service`. */
  readonly service: string;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/** What one sentinel says of its set. */
interface Said {
  readonly instancesUp: number;
  /** Grows with every failover. */
  readonly configEpoch: number;
}

const defaultIntervalMs = 5000;

/**
 * Measures the set behind sentinels: servers and sentinels that are up, and failovers. Without
 * sentinels there is nothing to measure. Returns what ends it.
 */
export function measureSentinels(options: SentinelMetricsOptions): () => Promise<void> {
  const { address, service } = options;
  if (address.kind !== 'sentinel') return async () => undefined;
  const labelNames = ['service'] as const;
  const instances = gauge(options.metrics, {
    name: 'redis_instances_up',
    help: 'Redis servers, master included, that a sentinel sees up',
    labelNames,
  });
  const sentinelsUp = gauge(options.metrics, {
    name: 'redis_sentinels_up',
    help: 'Configured sentinels that answer',
    labelNames,
  });
  const failovers = counter(options.metrics, {
    name: 'redis_failovers_total',
    help: 'Failovers seen by this process',
    labelNames,
  });
  failovers.inc({ service }, 0);
  const sentinels = address.sentinels.map((sentinel) => sentinelClient(sentinel, address));
  let lastEpoch: number | undefined;

  const run = async (): Promise<void> => {
    const answers = await Promise.allSettled(
      sentinels.map((sentinel) => ask(sentinel, address.masterName)),
    );
    const said = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    sentinelsUp.set({ service }, said.length);
    // One that is cut off from the servers sees none of them.
    instances.set({ service }, Math.max(0, ...said.map(({ instancesUp }) => instancesUp)));
    if (said.length === 0) return;
    const epoch = Math.max(...said.map(({ configEpoch }) => configEpoch));
    // The epoch also counts elections that failed, so it may grow by more than one.
    if (lastEpoch !== undefined && epoch > lastEpoch) failovers.inc({ service });
    lastEpoch = Math.max(lastEpoch ?? epoch, epoch);
  };
  const { log, intervalMs = defaultIntervalMs } = options;
  const stop = repeatEvery({ intervalMs, what: 'asking the sentinels', log, run });
  void run();
  return async () => {
    await stop();
    await Promise.all(sentinels.map(disconnect));
  };
}

/** Throws where the sentinel is away, or does not know the master. */
async function ask(sentinel: Redis, masterName: string): Promise<Said> {
  const [master, replicas] = await Promise.all([
    sentinel.call('sentinel', 'master', masterName),
    sentinel.call('sentinel', 'replicas', masterName),
  ]);
  const servers = [master, ...list(replicas)].map(fields);
  return {
    instancesUp: servers.filter((server) => isUp(server['flags'])).length,
    configEpoch: Number(fields(master)['config-epoch']),
  };
}

function isUp(flags = ''): boolean {
  return !flags.split(',').some((flag) => ['s_down', 'o_down', 'disconnected'].includes(flag));
}
