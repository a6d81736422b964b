import { DegradedMode, type DegradedModeOptions } from '../degraded-mode.ts';
import type { Classify, Failure } from '../failure.ts';
import { Monitor, type Probes } from '../monitor.ts';
import type { MonitorTiming } from '../monitor-timing.ts';
import type { Reconciler } from '../recovery.ts';

/** What a client reports of its connections. */
export interface ConnectionEvents {
  /** Called when a connection failed or ended. */
  readonly onFailure: (cause: unknown) => void;
  /** Called when a connection is usable. */
  readonly onReady: () => void;
  /** Called for replies that no port has asked for. */
  readonly onAnswer: () => void;
}

export interface ConnectOptions<Client> extends Omit<DegradedModeOptions, 'classify'> {
  /** The prefix of the keys. Default none. */
  readonly keyPrefix?: string;
  /** Seconds between full probes while Redis is up. Default 10. */
  readonly healthCheckIntervalSeconds?: number;
  /** The pace of the probes, in the place of the defaults. */
  readonly timing?: Partial<MonitorTiming>;
  /**
   * Tried by each full probe beside a write that is read back: commands without which your ports are
   * of no use. If one is refused, by an ACL for example, Redis counts as down.
   */
  readonly alsoProbe?: (redis: Client) => Promise<unknown>;
  /** Run in this order before Redis counts as up, now and after each outage. */
  readonly reconcilers?: (redis: Client) => readonly Reconciler[];
}

/** A client, and the mode that follows it. */
export interface Connection<Client> extends AsyncDisposable {
  readonly redis: Client;
  readonly mode: DegradedMode;
  readonly monitor: Monitor;
  /** Ends every connection and timer; nothing is open when it resolves. */
  close(): Promise<void>;
}

/** A client that connects on `connect`. */
export interface OpenedClient<Client> {
  readonly redis: Client;
  readonly probes: Probes;
  /** Resolves when the first connection stands, or has failed. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** What is particular to a library. */
export interface ClientLibrary<Client> {
  readonly classify: Classify;
  /** Classifies an error of a connection, which is always a failure of Redis. */
  readonly connectionFailure: (cause: unknown) => Failure;
  readonly open: (events: ConnectionEvents) => OpenedClient<Client>;
}

const defaultHealthCheckIntervalSeconds = 10;

/** Opens a client, and the mode that follows it; resolves when the state of Redis is known. */
export async function openConnection<Client>(
  { classify, connectionFailure, open }: ClientLibrary<Client>,
  options: ConnectOptions<Client>,
): Promise<Connection<Client>> {
  const mode = new DegradedMode({ ...options, classify });
  let isClosing = false;
  const { redis, probes, connect, close } = open({
    onFailure: (cause) => {
      if (!isClosing) mode.availability.recordFailure(connectionFailure(cause));
    },
    onReady: () => monitor.nudge(),
    onAnswer: () => mode.availability.recordSuccess(),
  });
  const { healthCheckIntervalSeconds = defaultHealthCheckIntervalSeconds, timing = {} } = options;
  const reconcilers = options.reconcilers?.(redis) ?? [];
  const monitor = new Monitor({
    mode,
    probes: { ...probes, connected: connect },
    reconcilers,
    healthCheckIntervalSeconds,
    timing,
  });
  await monitor.start();
  const closeAll = async (): Promise<void> => {
    isClosing = true;
    monitor.stop();
    await close();
  };
  return { redis, mode, monitor, close: closeAll, [Symbol.asyncDispose]: closeAll };
}
