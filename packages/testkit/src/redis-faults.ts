import type { RedisServer } from '@secureconnect/embedded';
import { askRedis } from './ask-redis.ts';
import { copyData, rollBack } from './older-copy.ts';

/** A way for Redis to fail, and to come back. */
export interface RedisFault {
  readonly name: string;
  /** Some time before the fault, for what needs an earlier state. */
  prepare?(redis: RedisServer): Promise<void>;
  begin(redis: RedisServer): Promise<void>;
  end(redis: RedisServer): Promise<void>;
}

/** What is done to a real server. */
export const redisFaults: readonly RedisFault[] = [
  {
    name: 'killed and restarted with its data',
    begin: async (redis) => redis.kill(),
    end: (redis) => redis.restart(),
  },
  {
    name: 'frozen and thawed',
    begin: async (redis) => redis.freeze(),
    end: async (redis) => redis.thaw(),
  },
  {
    name: 'killed and restarted empty',
    begin: async (redis) => redis.kill(),
    end: (redis) => redis.restart({ empty: true }),
  },
];

/** These, and the one that needs something done before it. */
export const allRedisFaults: readonly RedisFault[] = [
  ...redisFaults,
  {
    name: 'rolled back to an older copy',
    prepare: copyData,
    begin: async (redis) => redis.kill(),
    end: rollBack,
  },
];

/** What an ACL denies to whoever has no user of their own. */
function denied(name: string, ...commands: readonly string[]): RedisFault {
  const setUser = async (redis: RedisServer, sign: '+' | '-'): Promise<void> => {
    const rules = commands.map((command) => sign + command).join(' ');
    const reply = await askRedis(redis.port, `ACL SETUSER default ${rules}`);
    if (!reply.startsWith('+OK')) throw new Error(`ACL SETUSER answered ${reply}`);
  };
  return {
    name,
    begin: (redis) => setUser(redis, '-'),
    end: (redis) => setUser(redis, '+'),
  };
}

/** A real server that denies something and serves the rest. */
export const deniedFaults: readonly RedisFault[] = [
  denied('scripts denied by an ACL', 'evalsha', 'eval'),
  // Only scripts call them.
  denied('commands in scripts denied by an ACL', 'hget', 'hincrby', 'zcard', 'zrevrange'),
];
