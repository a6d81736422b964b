import { type DegradedMode, Monitor, type Reconciler } from '@secureconnect/degraded-mode';
import { connectionFailure } from '@secureconnect/degraded-mode/ioredis';
import type { Logger } from '@secureconnect/service';
import { untilAvailable } from './boot-wait.ts';
import type { RedisCommands } from './client.ts';
import { openClusterLink } from './cluster-link.ts';
import type { RedisConfig } from './config.ts';
import { explainRedisFailure } from './explain-failure.ts';
import type { ChannelSubscriber, LinkOptions } from './link.ts';
import { logChanges } from './log-changes.ts';
import { ServerLog } from './server-found.ts';
import { openServerLink } from './server-link.ts';

export interface RedisConnection {
  readonly mode: DegradedMode;
  readonly commands: RedisCommands;
  /** The subscriber, with its own connections; its subscriptions survive a reconnect. */
  readonly subscriber: ChannelSubscriber;
  /**
   * Makes first contact. `reconcilers` run in this order before the flag flips back, now and after
   * every outage. If Redis is down, it resolves and the process starts degraded; with fallbacks
   * disabled it waits `bootWaitSeconds` and rejects.
   */
  start(reconcilers?: readonly Reconciler[]): Promise<void>;
  /** Ends every connection and timer; nothing is open when it resolves. */
  close(): Promise<void>;
}

export interface OpenRedisOptions {
  readonly config: RedisConfig;
  readonly mode: DegradedMode;
  readonly log: Logger;
  /** Called with whether this process hears its own messages, though Redis takes them. */
  readonly onHeard?: (heard: boolean) => void;
}

/** Opens the connections of a process and the monitor that watches them. */
export function openRedis({
  config,
  mode,
  log,
  onHeard = () => undefined,
}: OpenRedisOptions): RedisConnection {
  let closing = false;
  const servers = new ServerLog(log, mode);
  const options: LinkOptions = {
    keyPrefix: config.keyPrefix,
    onFailure: (cause) => {
      if (!closing) mode.availability.recordFailure(connectionFailure(cause));
    },
    onReady: () => monitor.nudge(),
    onAnswer: () => mode.availability.recordSuccess(),
    onServer: (found) => servers.found(found),
    onHeard,
  };
  const { address, healthCheckIntervalSeconds } = config;
  const link =
    address.kind === 'cluster'
      ? openClusterLink(address, options)
      : openServerLink(address, options);
  const { commands, subscriber } = link;
  const probes = { ...link.probes, connected: () => link.connect() };
  // Subscriptions come first: Redis is available only once messages from other instances arrive.
  const reconcilers: Reconciler[] = [{ name: 'subscriptions', run: () => link.subscribeAgain() }];
  const monitor = new Monitor({ mode, probes, reconcilers, healthCheckIntervalSeconds });
  const explain = (reason: string) => explainRedisFailure(reason, address);
  const stopLogging = logChanges({ mode, monitor, log, explain });

  return {
    mode,
    commands,
    subscriber,
    async start(added = []) {
      reconcilers.push(...added);
      await monitor.start();
      if (!mode.fallbackEnabled) await untilAvailable(mode, config.bootWaitSeconds, explain);
    },
    async close() {
      closing = true;
      monitor.stop();
      stopLogging();
      await link.close();
    },
  };
}
