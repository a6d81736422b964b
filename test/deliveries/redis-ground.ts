import {
  allRedisFaults,
  type RedisServer,
  type SentinelNode,
  type SentinelSet,
} from '@secureconnect/testkit';
import { askRedis } from '../support/ask-redis.ts';
import { untilDegraded } from './gateway-process.ts';

/** Something that happens to Redis while alerts are delivered. */
export interface Fault {
  readonly name: string;
  /** Some time before, for what needs an earlier state. */
  prepare(): Promise<void>;
  /** Lets it happen and pass; resolves when all gateways have been without Redis and have it again. */
  strike(gatewayUrls: readonly string[]): Promise<void>;
}

/** A Redis, or several, and what may happen to it. */
export interface RedisGround {
  /** With which a gateway finds it. */
  readonly variables: NodeJS.ProcessEnv;
  readonly faults: readonly Fault[];
  /** The port of the server that takes writes now. */
  masterPort(): Promise<number>;
}

async function all(gatewayUrls: readonly string[], degraded: boolean): Promise<void> {
  await Promise.all(gatewayUrls.map((url) => untilDegraded(url, degraded)));
}

/** One server: killed, frozen, emptied, rolled back. */
export function singleRedis(redis: RedisServer): RedisGround {
  return {
    variables: { REDIS_URL: redis.url },
    faults: allRedisFaults.map((fault) => ({
      name: fault.name,
      prepare: async () => fault.prepare?.(redis),
      async strike(gatewayUrls) {
        await fault.begin(redis);
        await all(gatewayUrls, true);
        await fault.end(redis);
        await all(gatewayUrls, false);
      },
    })),
    masterPort: async () => redis.port,
  };
}

const servers: readonly SentinelNode[] = [1, 2, 3];
const aSentinel: SentinelNode = 4;
const nothing = async (): Promise<void> => undefined;

/** Three servers and three sentinels, whose master is killed or frozen until another replaces it. */
export function redisSet(set: SentinelSet): RedisGround {
  const masterPort = async (): Promise<number> => {
    const command = `SENTINEL get-master-addr-by-name ${set.masterName}`;
    const [, port] = /\r\n(\d+)\r\n$/.exec(await askRedis(set.portOf(aSentinel), command)) ?? [];
    if (port === undefined) throw new Error('the sentinel names no master');
    return Number(port);
  };
  const master = async (): Promise<SentinelNode> => {
    const port = await masterPort();
    const found = servers.find((node) => set.portOf(node) === port);
    if (found === undefined) throw new Error(`no server of the set has the port ${port}`);
    return found;
  };
  const replaced = (
    name: string,
    signal: NodeJS.Signals,
    back: (node: SentinelNode) => Promise<void>,
  ): Fault => ({
    name,
    prepare: nothing,
    async strike(gatewayUrls) {
      const node = await master();
      await set.signal(node, signal);
      await all(gatewayUrls, true);
      await all(gatewayUrls, false);
      await back(node);
    },
  });
  return {
    variables: {
      REDIS_URL: '',
      REDIS_SENTINELS: set.sentinels,
      REDIS_MASTER_NAME: set.masterName,
    },
    faults: [
      replaced('failed over, its master killed', 'SIGKILL', (node) => set.startNode(node)),
      replaced('failed over, its master frozen', 'SIGSTOP', (node) => set.signal(node, 'SIGCONT')),
    ],
    masterPort,
  };
}
