import {
  type DegradedMode,
  Monitor,
  type MonitorOptions,
  type Reconciler,
} from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';
import { createClient, type RedisCommands } from './client.ts';
import type { RedisConfig } from './config.ts';
import { createProbes } from './probes.ts';

export interface RedisConnection {
  readonly mode: DegradedMode;
  readonly commands: RedisCommands;
  /** A connection of its own for pub/sub; it subscribes again by itself after a reconnect. */
  readonly subscriber: RedisCommands;
  /** Adds what must be put right before the flag flips back. Before `start`. */
  addReconciler(reconciler: Reconciler): void;
  /**
   * Makes first contact. Without Redis it resolves all the same and the process starts degraded,
   * unless fallbacks are disabled: then it waits `bootWaitSeconds` and rejects.
   */
  start(): Promise<void>;
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
  const commands = createClient(config.address);
  const subscriber = createClient(config.address);
  const reconcilers: Reconciler[] = [subscriberReady(subscriber)];
  const monitor = new Monitor(monitorOptions(commands, config, mode, reconcilers));
  let closing = false;

  for (const client of [commands, subscriber]) {
    client.on('error', (error: Error) => mode.observe(error));
    client.on('close', () => {
      if (!closing) mode.availability.failed({ severity: 'hard', reason: 'closed' });
    });
    client.on('ready', () => monitor.nudge());
  }
  logChanges(mode, monitor, log);

  return {
    mode,
    commands,
    subscriber,
    addReconciler: (reconciler) => reconcilers.push(reconciler),
    async start() {
      await Promise.race([
        Promise.all([connect(commands, mode), connect(subscriber, mode)]),
        new Promise((resolve) => setTimeout(resolve, firstContactMs).unref()),
      ]);
      await monitor.start();
      if (!mode.fallbackEnabled) await untilAvailable(mode, config);
    },
    async close() {
      closing = true;
      monitor.stop();
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

function monitorOptions(
  commands: RedisCommands,
  config: RedisConfig,
  mode: DegradedMode,
  reconcilers: readonly Reconciler[],
): MonitorOptions {
  const { healthCheckIntervalSeconds } = config;
  return { mode, probes: createProbes(commands), reconcilers, healthCheckIntervalSeconds };
}

/** ioredis goes on trying by itself; what counts here is only that the fault was seen. */
async function connect(client: RedisCommands, mode: DegradedMode): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    if (mode.observe(error) === undefined) throw error;
  }
}

/** Nothing is available before messages from other instances arrive again. */
function subscriberReady(subscriber: RedisCommands): Reconciler {
  return {
    name: 'subscriber connection',
    async run() {
      await subscriber.ping();
    },
  };
}

async function untilAvailable(mode: DegradedMode, config: RedisConfig): Promise<void> {
  const deadline = AbortSignal.timeout(config.bootWaitSeconds * 1000);
  if (mode.isAvailable()) return;
  await new Promise<void>((resolve, reject) => {
    mode.availability.on('changed', (state) => {
      if (state === 'available') resolve();
    });
    deadline.addEventListener('abort', () => {
      const { lastReason } = mode.availability;
      reject(
        new Error(
          `Redis was not available within ${config.bootWaitSeconds} s (${lastReason ?? 'no answer'}) ` +
            'and ENABLE_REDIS_FALLBACK=false forbids starting without it. Start Redis, correct ' +
            'REDIS_URL or REDIS_SENTINELS, or set ENABLE_REDIS_FALLBACK=true.',
        ),
      );
    });
  });
}

function logChanges(mode: DegradedMode, monitor: Monitor, log: Logger): void {
  const { service } = mode;
  mode.availability.on('entered', ({ reason }) => {
    log.warn({ service, reason }, 'Redis entered degraded mode');
  });
  monitor.on('reconciled', ({ dataChange, durationMs }) => {
    log.info({ service, dataChange, durationMs: Math.round(durationMs) }, 'Redis data reconciled');
  });
  mode.availability.on('recovered', ({ durationMs }) => {
    const { lastReason } = mode.availability;
    // First contact is a recovery from nothing: there was no degraded mode to leave.
    if (lastReason === undefined) return;
    const fields = { service, reason: lastReason, durationMs: Math.round(durationMs) };
    log.info(fields, 'Redis recovered from degraded mode');
  });
  monitor.on('reconcilerFailed', ({ reconciler, error }) => {
    log.warn({ service, reconciler, err: error }, 'Redis reconciler failed; degraded mode goes on');
  });
}
