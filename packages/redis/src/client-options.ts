import type { ClusterOptions, RedisOptions } from 'ioredis';
import { accessOptions, urlOptions } from './access-options.ts';
import type { ClusterAddress, SentinelAddress, SingleAddress } from './address.ts';
import { readErrorReply } from './error-reply.ts';
import { masterConnector } from './master-connector.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

/** A command either is answered within this time or rejects. */
export const commandTimeoutMs = 150;

/** A server that stays a replica is not connected to over and over. */
const betweenForcedReconnectsMs = 1000;

/**
 * Measured settings; the defaults of ioredis would wait 10 s on a refused connection and for ever
 * on a frozen one. A command either is answered within `commandTimeout` or rejects, and none is
 * kept for later: whoever called has gone on with the fallback by then. `socketTimeout` is left out:
 * in 5.11.1 its timer outlives its connection and ends the next one (ioredis#2147); see silence.ts.
 */
const common = {
  lazyConnect: true,
  connectTimeout: 1000,
  disconnectTimeout: 100,
  commandTimeout: commandTimeoutMs,
  maxRetriesPerRequest: 0,
  maxLoadingRetryTime: 250,
  autoResendUnfulfilledCommands: false,
  // A failure of its own would be an unhandled rejection (ioredis#2187); see subscriber.ts.
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
      // A demoted server: its address may lead to the master by now.
      reconnectOnError: reconnectOn('READONLY'),
    };
  }
  return {
    ...common,
    ...lasting,
    ...accessOptions(address),
    Connector: masterConnector(address),
    // A master that lost its replicas may have been replaced: ask the sentinels.
    reconnectOnError: reconnectOn('READONLY', 'NOREPLICAS'),
  };
}

/** The options of a lasting connection to one node of a cluster. */
export function nodeOptions(address: ClusterAddress): RedisOptions {
  return { ...common, ...lasting, ...accessOptions(address) };
}

/**
 * The options of a client of a cluster. A connection that was lost is not made again to the same
 * address: the slots may be elsewhere by then. A command that meets one that is being made, because
 * the slot has just moved there, is sent again within its time.
 */
export function clusterOptions(
  address: ClusterAddress,
  Connector: NonNullable<RedisOptions['Connector']>,
): ClusterOptions {
  const { natMap } = address;
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    // The probe asks for the state of the cluster; this would end all connections where it is bad, and
    // where the node that is asked is not connected to yet.
    enableReadyCheck: false,
    scaleReads: 'master',
    clusterRetryStrategy: reconnectDelayMs,
    retryDelayOnFailover: 50,
    retryDelayOnTryAgain: 50,
    retryDelayOnClusterDown: 0,
    // Each of them opens a connection of its own, which has to be made within its time.
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: 500,
    // A certificate names the host, not its present address.
    dnsLookup: (host, callback) => callback(null, host),
    ...(natMap === undefined ? {} : { natMap: { ...natMap } }),
    // What the product sends has its own time-out (patient-cluster.ts); this is for what ioredis sends.
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
