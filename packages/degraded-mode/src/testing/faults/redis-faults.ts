import type { RedisServer } from '../servers/redis-server.ts';
import { askRedis } from './ask-redis.ts';
import { copyData, rollBack } from './older-copy.ts';

/** A fault of Redis, and its repair. */
export interface RedisFault {
  readonly name: string;
  /** Called some time before the fault, for faults that need an earlier state. */
  prepare?(redis: RedisServer): Promise<void>;
  begin(redis: RedisServer): Promise<void>;
  end(redis: RedisServer): Promise<void>;
}

/** Faults of a real server. */
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

/** These faults, and the one that needs a preparation. */
export const allRedisFaults: readonly RedisFault[] = [
  ...redisFaults,
  {
    name: 'rolled back to an older copy',
    prepare: copyData,
    begin: async (redis) => redis.kill(),
    end: rollBack,
  },
];

/** An ACL that denies commands to the default user. */
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

/** A real server that denies some commands and serves the others. */
export const deniedFaults: readonly RedisFault[] = [
  denied('scripts denied by an ACL', 'evalsha', 'eval'),
  // Only scripts use these commands.
  denied('commands in scripts denied by an ACL', 'hget', 'hincrby', 'zcard', 'zrevrange'),
];
