import type { Redis } from 'ioredis';
import { type Commands, itKeepsTheContract } from '../../test/redis/client-contract.ts';
import { connect, redisFailed } from './index.ts';

const commandsOf = (redis: Redis): Commands => ({
  increment: (key) => redis.incr(key),
  read: (key) => redis.get(key),
  push: (key) => redis.lpush(key, 'a'),
});

itKeepsTheContract('ioredis', {
  redisFailed,
  async connect(address, { prefix, alsoProbe, onChange, ...options }) {
    const connection = await connect(address, {
      ...options,
      ...(prefix === undefined ? {} : { keyPrefix: prefix }),
      ...(alsoProbe === undefined ? {} : { alsoProbe: (redis) => alsoProbe(commandsOf(redis)) }),
      reconcilers: () => [{ name: 'notes', run: async ({ dataChange }) => onChange?.(dataChange) }],
    });
    const { redis, mode, monitor, close } = connection;
    return { mode, monitor, close, commands: commandsOf(redis) };
  },
});
