import type { RedisAddress } from '@secureconnect/degraded-mode/ioredis';
import {
  disconnect,
  fields,
  list,
  sentinelClient,
} from '@secureconnect/degraded-mode/ioredis/parts';
import {
  counter,
  gauge,
  type Logger,
  repeatEvery,
  type ServiceMetrics,
} from '@secureconnect/service';
import type { Redis } from 'ioredis';

export interface SentinelMetricsOptions {
  readonly address: RedisAddress;
  readonly metrics: ServiceMetrics;
  /** The value of the label `service`. */
  readonly service: string;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/** One sentinel's view of its set. */
interface Said {
  readonly instancesUp: number;
  /** Increases with every failover. */
  readonly configEpoch: number;
}

const defaultIntervalMs = 5000;

/**
 * Measures a set with sentinels: servers and sentinels that are up, and failovers. Does nothing
 * without sentinels. Returns a function that stops it.
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
    // The maximum, because an isolated sentinel sees no servers.
    instances.set({ service }, Math.max(0, ...said.map(({ instancesUp }) => instancesUp)));
    if (said.length === 0) return;
    const epoch = Math.max(...said.map(({ configEpoch }) => configEpoch));
    // The epoch also counts failed elections, so it may increase by more than one.
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

/** Throws if the sentinel is down or does not know the master. */
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
