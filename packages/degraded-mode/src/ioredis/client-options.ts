import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { ClusterAddress, SentinelAddress, SingleAddress } from '../redis/address.ts';
import { readErrorReply } from '../redis/error-reply.ts';
import { reconnectDelayMs } from '../redis/reconnect-delay.ts';
import { accessOptions, urlOptions } from './access-options.ts';
import { masterConnector } from './master-connector.ts';

/** The time limit of a command; then it rejects. */
export const commandTimeoutMs = 150;

/** The minimum interval of reconnects to a server that stays a replica. */
const betweenForcedReconnectsMs = 1000;

/**
 * Measured settings; the defaults of ioredis would wait 10 s on a refused connection and forever
 * on a frozen one. A command is answered within `commandTimeout` or rejects; none is queued,
 * because its caller would already use the fallback. `socketTimeout` is not set: in 5.11.1 its
 * timer outlives its connection and ends the next one (ioredis#2147); see silence.ts.
 */
const common = {
  lazyConnect: true,
  connectTimeout: 1000,
  disconnectTimeout: 100,
  commandTimeout: commandTimeoutMs,
  maxRetriesPerRequest: 0,
  maxLoadingRetryTime: 250,
  autoResendUnfulfilledCommands: false,
  // Its failure would be an unhandled rejection (ioredis#2187); see subscriber.ts.
  autoResubscribe: false,
  disableClientInfo: true,
} satisfies RedisOptions;

const lasting = { enableOfflineQueue: false, retryStrategy: reconnectDelayMs };

/** The options of a client of one server, for any class of ioredis. */
export function clientOptions(address: SingleAddress | SentinelAddress): RedisOptions {
  if (address.kind === 'single') {
    return {
      ...common,
      ...lasting,
      ...urlOptions(address.url),
      ...accessOptions(address),
      // After a demotion, the address may now lead to the new master.
      reconnectOnError: reconnectOn('READONLY'),
    };
  }
  return {
    ...common,
    ...lasting,
    ...accessOptions(address),
    ...(address.database === undefined ? {} : { db: address.database }),
    Connector: masterConnector(address),
    // A master without replicas may have been replaced; the sentinels know.
    reconnectOnError: reconnectOn('READONLY', 'NOREPLICAS'),
  };
}

/** The options of a lasting connection to one node of a cluster. */
export function nodeOptions(address: ClusterAddress): RedisOptions {
  return { ...common, ...lasting, ...accessOptions(address) };
}

/**
 * The options of a client of a cluster. A lost connection is not restored to the same address,
 * because the slots may have moved. A command that meets a pending connection, because the slot has
 * just moved, is retried within its time limit.
 */
export function clusterOptions(
  address: ClusterAddress,
  Connector: NonNullable<RedisOptions['Connector']>,
): ClusterOptions {
  const { natMap } = address;
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    // The probe checks the state of the cluster. The ready check would end all connections if the
    // state is bad, or if the queried node is not connected yet.
    enableReadyCheck: false,
    scaleReads: 'master',
    clusterRetryStrategy: reconnectDelayMs,
    retryDelayOnFailover: 50,
    retryDelayOnTryAgain: 50,
    retryDelayOnClusterDown: 0,
    // Each refresh opens a connection, within its own time limit.
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: 500,
    // A certificate names the host, not its current address.
    dnsLookup: (host, callback) => callback(null, host),
    ...(natMap === undefined ? {} : { natMap: { ...natMap } }),
    // The time-out of ioredis's own commands; our commands have theirs in patient-cluster.ts.
    redisOptions: { ...common, commandTimeout: 1000, ...accessOptions(address), Connector },
  };
}

/** Reconnects on these error replies, without sending the command again (that is what 1 means). */
function reconnectOn(...codes: readonly string[]): (error: Error) => 1 | false {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    const now = performance.now();
    const isOne = codes.includes(readErrorReply(message).code);
    if (!isOne || now - lastAt < betweenForcedReconnectsMs) return false;
    lastAt = now;
    return 1;
  };
}
