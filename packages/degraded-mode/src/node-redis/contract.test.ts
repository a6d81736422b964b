import { type Commands, itKeepsTheContract } from '../../test/redis/client-contract.ts';
import { connect, type NodeRedisClient, redisFailed } from './index.ts';

const commandsOf = (redis: NodeRedisClient): Commands => ({
  increment: (key) => redis.incr(key),
  read: (key) => redis.get(key),
  push: (key) => redis.lPush(key, 'a'),
});

itKeepsTheContract('node-redis', {
  redisFailed,
  async connect(address, { prefix, alsoProbe, onChange, ...options }) {
    const connection = await connect(address, {
      ...options,
      ...(prefix === undefined ? {} : { probeKeyPrefix: prefix }),
      ...(alsoProbe === undefined ? {} : { alsoProbe: (redis) => alsoProbe(commandsOf(redis)) }),
      reconcilers: () => [{ name: 'notes', run: async ({ dataChange }) => onChange?.(dataChange) }],
    });
    const { redis, mode, monitor, close } = connection;
    return { mode, monitor, close, commands: commandsOf(redis) };
  },
});
