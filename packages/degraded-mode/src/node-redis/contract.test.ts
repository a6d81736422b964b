import {
  type Commands,
  type ContractOptions,
  itFollowsSentinels,
  itKeepsTheContract,
} from '../../test/redis/client-contract.ts';
import {
  connect,
  connectSentinels,
  type NodeRedisClient,
  type NodeRedisOptions,
  redisFailed,
} from './index.ts';

type Client = Pick<NodeRedisClient, 'incr' | 'get' | 'lPush'>;

const commandsOf = (redis: Client): Commands => ({
  increment: (key) => redis.incr(key),
  read: (key) => redis.get(key),
  push: (key) => redis.lPush(key, 'a'),
});

function optionsOf<AnyClient extends Client>({
  prefix,
  alsoProbe,
  onChange,
  ...options
}: ContractOptions): NodeRedisOptions<AnyClient> {
  return {
    ...options,
    ...(prefix === undefined ? {} : { probeKeyPrefix: prefix }),
    ...(alsoProbe === undefined ? {} : { alsoProbe: (client) => alsoProbe(commandsOf(client)) }),
    reconcilers: () => [{ name: 'notes', run: async ({ dataChange }) => onChange?.(dataChange) }],
  };
}

itKeepsTheContract('node-redis', {
  redisFailed,
  async connect(address, options) {
    const connection = await connect(address, optionsOf(options));
    return { ...connection, commands: commandsOf(connection.redis) };
  },
});

itFollowsSentinels('node-redis', {
  redisFailed,
  async connect(address, options) {
    const connection = await connectSentinels(address, optionsOf(options));
    return { ...connection, commands: commandsOf(connection.redis) };
  },
});
