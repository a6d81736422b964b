import type { Settings } from '@secureconnect/degraded-mode';
import {
  allRedisFaults,
  backendScripts,
  deniedFaults,
  errorFaults,
  FaultProxy,
  flapping,
  type ProxyFault,
  proxyFaults,
  type RedisFault,
  redisClusterSkipReason,
  startSentinelSet,
  testRedisCluster,
} from '@secureconnect/testkit';
import { untilGauges } from '../support/gauges.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { lostReplies } from './lost-replies.ts';
import type { Expected } from './outcome.ts';

/** A stack with a way for its Redis to fail. */
export interface Scenario {
  readonly stack: Stack;
  /** Returns the stack to which requests go from then on. */
  begin(): Promise<Stack>;
  end(): Promise<void>;
}

/** A fault mode of the suite. */
export interface Mode {
  readonly name: string;
  /** What is right at the moment at which it begins, and once the flags are down. */
  readonly atOnce: Expected;
  readonly throughout: Expected;
  /** The settings that differ from the default ones. */
  readonly settings?: Settings;
  /** Redis comes back by itself, so the flags need not be down for long. */
  readonly endsByItself?: true;
  open(parts: AsyncDisposableStack): Promise<Scenario>;
}

/** So that a state that only writes show is seen soon where nothing is written. */
const environment = { REDIS_HEALTH_CHECK_INTERVAL: '1' };

function ofProxy(fault: ProxyFault, throughout: Expected = 'degraded'): Mode {
  return {
    name: fault.name,
    atOnce: fault.reach === 'nothing' ? 'degraded' : 'either',
    throughout,
    async open(parts) {
      let proxy: FaultProxy | undefined;
      const wayToRedis = async ({ port }: { port: number }): Promise<string> => {
        proxy = parts.use(await FaultProxy.start(port));
        return proxy.url;
      };
      const stack = parts.use(await startStack(environment, { wayToRedis }));
      const through = (): FaultProxy => {
        if (proxy === undefined) throw new Error('the stack did not ask for its way to Redis');
        return proxy;
      };
      return {
        stack,
        async begin() {
          await fault.begin(through());
          return stack;
        },
        end: () => fault.end(through()),
      };
    },
  };
}

/** A fault of the server, under settings other than the default ones. */
function withSettings(fault: RedisFault, settings: Readonly<Record<string, string>>): Mode {
  const named = Object.entries(settings).map((setting) => setting.join('='));
  const mode = ofServer(fault, 'degraded', settings);
  return { ...mode, name: `${fault.name}, ${named.join(', ')}`, settings };
}

function ofServer(
  fault: RedisFault,
  atOnce: Expected = 'degraded',
  settings: Readonly<Record<string, string>> = {},
): Mode {
  return {
    name: fault.name,
    atOnce,
    throughout: 'degraded',
    async open(parts) {
      const stack = parts.use(await startStack({ ...environment, ...settings }));
      await fault.prepare?.(stack.redis);
      return {
        stack,
        async begin() {
          await fault.begin(stack.redis);
          return stack;
        },
        end: () => fault.end(stack.redis),
      };
    },
  };
}

/** The services of a second stack, over the same data, start while there is no Redis. */
const downAtBoot: Mode = {
  name: 'down at boot',
  atOnce: 'degraded',
  throughout: 'degraded',
  async open(parts) {
    const stack = parts.use(await startStack(environment));
    return {
      stack,
      async begin() {
        await stack.redis.kill();
        return parts.use(await startStack(environment, { over: stack }));
      },
      end: () => stack.redis.restart(),
    };
  },
};

const sentinelName = 'Sentinel failover';

/** The master is killed and replaced; the old one comes back as a replica. */
function sentinelFailover(scripts: string): Mode {
  return {
    name: sentinelName,
    atOnce: 'either',
    throughout: 'either',
    endsByItself: true,
    async open(parts) {
      const set = parts.use(await startSentinelSet(scripts, { downAfterMs: 2000 }));
      const way = { REDIS_SENTINELS: set.sentinels, REDIS_MASTER_NAME: set.masterName };
      const stack = parts.use(
        await startStack({ ...environment, ...way }, { wayToRedis: () => '' }),
      );
      return {
        stack,
        async begin() {
          await set.signal(1, 'SIGKILL');
          return stack;
        },
        async end() {
          // Back any sooner it would be the master again, and be replaced a moment later.
          await untilGauges(stack, '0');
          await set.startNode(1);
        },
      };
    },
  };
}

/** A master of a cluster is killed, its replica takes over, and it comes back as a replica. */
const clusterFailover: Mode = {
  name: 'cluster failover',
  atOnce: 'either',
  throughout: 'either',
  endsByItself: true,
  async open(parts) {
    const cluster = parts.use(await testRedisCluster());
    const way = { REDIS_CLUSTER: cluster.addresses };
    const stack = parts.use(await startStack({ ...environment, ...way }, { wayToRedis: () => '' }));
    const master = await cluster.masterOf(0);
    return {
      stack,
      async begin() {
        await master.kill();
        return stack;
      },
      async end() {
        await untilGauges(stack, '0');
        await master.restart();
      },
    };
  },
};

const scripts = backendScripts();

/** What happens between the services and Redis. */
const connectionModes: readonly Mode[] = proxyFaults.map((fault) => ofProxy(fault));

/** What happens to Redis itself, and how often. */
const serverModes: readonly Mode[] = [
  ...allRedisFaults.map((fault) => ofServer(fault)),
  downAtBoot,
  ofProxy(flapping, 'either'),
];

/** What Redis refuses or answers with an error. */
const answerModes: readonly Mode[] = [
  ...deniedFaults.map((fault) => ofServer(fault, 'either')),
  ...errorFaults.map((fault) => ofProxy(fault)),
];

/** Sign-in that goes on in SQL, with a Redis that is gone and one that hangs. */
const signInModes: readonly Mode[] = allRedisFaults
  .filter(({ name }) => ['killed and restarted with its data', 'frozen and thawed'].includes(name))
  .map((fault) => withSettings(fault, { SIGN_IN_WITHOUT_REDIS: 'durable' }));

/** The failovers that can be had here. */
const failoverModes: readonly Mode[] = [
  ...(scripts === undefined ? [] : [sentinelFailover(scripts)]),
  ...(redisClusterSkipReason === '' ? [clusterFailover] : []),
];

/** Every fault mode that can be had here. */
export const modes: readonly Mode[] = [
  ...connectionModes,
  ...serverModes,
  ...answerModes,
  ...signInModes,
  ...failoverModes,
];

/** The names of all fault modes, in the order of docs/conformance.md. */
export const modeNames: readonly string[] = [
  ...[connectionModes, serverModes, answerModes].flat().map(({ name }) => name),
  sentinelName,
  clusterFailover.name,
  ...signInModes.map(({ name }) => name),
  lostReplies.name,
];
