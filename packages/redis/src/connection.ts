import { type DegradedMode, Monitor, type Reconciler } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';
import type { Redis } from 'ioredis';
import { untilAvailable } from './boot-wait.ts';
import { connectionFailure } from './classify.ts';
import { createClient, disconnect, firstConnect, type RedisCommands } from './client.ts';
import type { RedisConfig } from './config.ts';
import { followFailovers } from './failovers.ts';
import { keepAlive } from './keep-alive.ts';
import { logChanges } from './log-changes.ts';
import { createProbes } from './probes.ts';
import { logServer, type ServerFound } from './server-found.ts';
import { endSilentConnections } from './silence.ts';
import { resubscribe, Subscriber } from './subscriber.ts';

export interface RedisConnection {
  readonly mode: DegradedMode;
  readonly commands: RedisCommands;
  /** A connection of its own for pub/sub; what it is subscribed to survives a reconnect. */
  readonly subscriber: Redis;
  /** Adds what must be put right before the flag flips back. Before `start`. */
  addReconciler(reconciler: Reconciler): void;
  /**
   * Makes first contact. Without Redis it resolves all the same and the process starts degraded,
   * unless fallbacks are disabled: then it waits `bootWaitSeconds` and rejects.
   */
  start(): Promise<void>;
  /** Ends both connections and every timer; nothing is open when it resolves. */
  close(): Promise<void>;
}

export interface OpenRedisOptions {
  readonly config: RedisConfig;
  readonly mode: DegradedMode;
  readonly log: Logger;
}

/** How long the first connection may take before the process goes on without it. */
const firstContactMs = 500;

/** Opens both connections of a process and the monitor that watches them. */
export function openRedis({ config, mode, log }: OpenRedisOptions): RedisConnection {
  const commands = createClient(config.address, config.keyPrefix);
  const subscriber = Subscriber.of(config.address);
  const clients = [commands, subscriber];
  const reconcilers: Reconciler[] = [resubscribe(subscriber)];
  const { healthCheckIntervalSeconds } = config;
  const onServer = (found: ServerFound): void => logServer(log, found);
  const probes = createProbes({ redis: commands, subscriber, onServer });
  const monitor = new Monitor({ mode, probes, reconcilers, healthCheckIntervalSeconds });
  const stopLogging = logChanges(mode, monitor, log);
  const stopWatching = endSilentConnections(clients);
  const letGo = keepAlive(subscriber);
  let stopFollowing = async (): Promise<void> => undefined;
  let closing = false;

  const failed = (error: unknown): void => {
    if (!closing) mode.availability.failed(connectionFailure(error));
  };
  for (const client of clients) {
    client.on('error', failed);
    client.on('close', () => failed(new Error('Connection is closed.')));
    client.on('ready', () => monitor.nudge());
  }

  return {
    mode,
    commands,
    subscriber,
    addReconciler: (reconciler) => reconcilers.push(reconciler),
    async start() {
      stopFollowing = followFailovers(config.address, clients);
      await settledWithin(Promise.all(clients.map(firstConnect)), firstContactMs);
      await monitor.start();
      if (!mode.fallbackEnabled) await untilAvailable(mode, config.bootWaitSeconds);
    },
    async close() {
      closing = true;
      monitor.stop();
      stopLogging();
      stopWatching();
      letGo();
      await Promise.all([...clients.map(disconnect), stopFollowing()]);
    },
  };
}

/** Resolves when the work is done, at the latest after `limitMs`. */
async function settledWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
