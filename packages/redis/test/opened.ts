import type {
  AvailabilityState,
  DataChange,
  DegradedMode,
  Reconciler,
} from '@secureconnect/degraded-mode';
import type { ClusterAddress, ServerAccess } from '@secureconnect/degraded-mode/ioredis';
import type { PatientRedis } from '@secureconnect/degraded-mode/ioredis/parts';
import { createLogger } from '@secureconnect/service';
import { hostPorts } from '../src/host-port.ts';
import {
  openRedis,
  type RedisCommands,
  type RedisConfig,
  type RedisConnection,
  redisMode,
} from '../src/index.ts';
import type { Subscriber } from '../src/subscriber.ts';

/** To one server, or to the master of a set: whatever its clients can do may be used. */
interface ServerConnection extends RedisConnection {
  readonly commands: PatientRedis & RedisCommands;
  readonly subscriber: Subscriber;
}

export interface Opened<Connection = ServerConnection> extends AsyncDisposable {
  readonly connection: Connection;
  readonly mode: DegradedMode;
  /** What each recovery was told, the first contact included. */
  readonly dataChanges: DataChange[];
  /** Starts the connection, with a reconciler that notes what it is told. */
  start(): Promise<void>;
  /** The fields of every log line with this message, except what an operator can do. */
  lines(message: string): unknown[];
  /** What an operator can do, of every log line that says so. */
  remedies(): string[];
  /** Forgets the outage with which it began, where the machine was too busy for a prompt start. */
  forgetSlowStart(): void;
}

const serviceName = 'auth-service';

/** A connection to one server that is not started, and closed at the end of the test. */
export function opened(url: string, settings: Partial<RedisConfig> = {}): Opened {
  return openedAnywhere(url, settings) as Opened;
}

/** The same, of whatever kind its address is. */
function openedAnywhere(url: string, settings: Partial<RedisConfig> = {}): Opened<RedisConnection> {
  const config: RedisConfig = {
    address: { kind: 'single', url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 30,
    ...settings,
  };
  const mode = redisMode(serviceName, config);
  const log = createLogger({ service: serviceName, level: 'silent' });
  const written: { fields: unknown; remedy: string | undefined; message: unknown }[] = [];
  const write = ({ remedy, ...fields }: { remedy?: string }, message: unknown) =>
    written.push({ fields, remedy, message });
  Object.assign(log, { info: write, warn: write });
  const connection = openRedis({ config, mode, log });
  const dataChanges: DataChange[] = [];
  const notes: Reconciler = {
    name: 'notes',
    run: async ({ dataChange }) => {
      dataChanges.push(dataChange);
    },
  };
  return {
    connection,
    mode,
    dataChanges,
    lines: (message) =>
      written.filter((line) => line.message === message).map(({ fields }) => fields),
    remedies: () => written.flatMap(({ remedy }) => remedy ?? []),
    start: () => connection.start([notes]),
    forgetSlowStart() {
      const kept = written.filter(({ message }) => !String(message).includes('degraded mode'));
      written.splice(0, written.length, ...kept);
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** The same, started and in use: on a busy machine a process may begin without the server. */
export async function started(url: string, settings: Partial<RedisConfig> = {}): Promise<Opened> {
  const result = await begun(opened(url, settings));
  await untilState(result.mode, 'available');
  result.forgetSlowStart();
  return result;
}

/** The same, started where there is nothing that it could use. */
export async function startedDegraded(
  url: string,
  settings: Partial<RedisConfig> = {},
): Promise<Opened> {
  const result = await begun(opened(url, settings));
  await untilState(result.mode, 'unavailable');
  return result;
}

interface NamedNodes {
  readonly addresses: string;
}

type ClusterAccess = ServerAccess & Pick<ClusterAddress, 'natMap'>;

/** A connection to a cluster, started and in use. */
export async function startedOnCluster(
  cluster: NamedNodes,
  access: ClusterAccess = {},
  settings: Partial<RedisConfig> = {},
): Promise<Opened<RedisConnection>> {
  const result = await begun(openedOnCluster(cluster, access, settings));
  await untilState(result.mode, 'available');
  result.forgetSlowStart();
  return result;
}

/** A connection to a cluster, started while it cannot be used. */
export async function startedDegradedOnCluster(
  cluster: NamedNodes,
  access: ClusterAccess = {},
): Promise<Opened<RedisConnection>> {
  const result = await begun(openedOnCluster(cluster, access));
  await untilState(result.mode, 'unavailable');
  return result;
}

function openedOnCluster(
  { addresses }: NamedNodes,
  access: ClusterAccess,
  settings: Partial<RedisConfig> = {},
): Opened<RedisConnection> {
  const nodes = hostPorts('REDIS_CLUSTER', addresses);
  return openedAnywhere('', { address: { kind: 'cluster', nodes, ...access }, ...settings });
}

async function begun<AnyConnection extends RedisConnection>(
  result: Opened<AnyConnection>,
): Promise<Opened<AnyConnection>> {
  await result.start();
  return result;
}

/** Resolves when the flag has this state. */
export async function untilState(mode: DegradedMode, state: AvailabilityState): Promise<void> {
  const { availability } = mode;
  if (availability.state === state) return;
  await new Promise<void>((resolve) => {
    const changed = (now: AvailabilityState): void => {
      if (now !== state) return;
      availability.off('changed', changed);
      resolve();
    };
    availability.on('changed', changed);
  });
}
