import type { Redis } from 'ioredis';
import {
  type Commands,
  type Connected,
  type ContractOptions,
  itFollowsSentinels,
  itKeepsTheContract,
} from '../../test/redis/client-contract.ts';
import { connect, redisFailed, type SentinelAddress, type SingleAddress } from './index.ts';

const commandsOf = (redis: Redis): Commands => ({
  increment: (key) => redis.incr(key),
  read: (key) => redis.get(key),
  push: (key) => redis.lpush(key, 'a'),
});

const ioredis = {
  redisFailed,
  async connect(
    address: string | SingleAddress | SentinelAddress,
    { prefix, alsoProbe, onChange, ...options }: ContractOptions,
  ): Promise<Connected> {
    const { redis, mode, monitor, close } = await connect(address, {
      ...options,
      ...(prefix === undefined ? {} : { keyPrefix: prefix }),
      ...(alsoProbe === undefined ? {} : { alsoProbe: (client) => alsoProbe(commandsOf(client)) }),
      reconcilers: () => [{ name: 'notes', run: async ({ dataChange }) => onChange?.(dataChange) }],
    });
    return { mode, monitor, close, commands: commandsOf(redis) };
  },
};

itKeepsTheContract('ioredis', ioredis);
itFollowsSentinels('ioredis', ioredis);
