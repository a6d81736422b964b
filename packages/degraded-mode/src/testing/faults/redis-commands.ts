/** The first word of each command, in lower case, as Redis 7.0's COMMAND classifies it. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Flag `write`. */
export const writes = words(`
  append bitfield bitop blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin copy decr
  decrby del expire expireat flushall flushdb geoadd georadius georadiusbymember geosearchstore
  getdel getex getset hdel hincrby hincrbyfloat hmset hset hsetnx incr incrby incrbyfloat linsert
  lmove lmpop lpop lpush lpushx lrem lset ltrim migrate move mset msetnx persist pexpire pexpireat
  pfadd pfmerge psetex rename renamenx restore rpop rpoplpush rpush rpushx sadd sdiffstore set
  setbit setex setnx setrange sinterstore smove sort spop srem sunionstore swapdb unlink xack xadd
  xautoclaim xclaim xdel xreadgroup xsetid xtrim zadd zdiffstore zincrby zinterstore zmpop zpopmax
  zpopmin zrangestore zrem zremrangebylex zremrangebyrank zremrangebyscore zunionstore
`);

/** Flag `denyoom`: writes that may need more memory. */
export const growing = words(`
  append bitfield bitop blmove brpoplpush copy decr decrby geoadd georadius georadiusbymember
  geosearchstore getset hincrby hincrbyfloat hmset hset hsetnx incr incrby incrbyfloat linsert lmove
  lpush lpushx lset mset msetnx pfadd pfmerge psetex restore rpoplpush rpush rpushx sadd sdiffstore
  set setbit setex setnx setrange sinterstore sort sunionstore xadd xsetid zadd zdiffstore zincrby
  zinterstore zrangestore zunionstore
`);

/** Flag `loading`: served while the data is read from the disk. */
export const servedWhileLoading = words(`
  auth command debug discard echo exec hello info lastsave monitor multi psubscribe publish
  punsubscribe quit readonly readwrite replconf reset role select shutdown spublish ssubscribe
  subscribe sunsubscribe time unsubscribe unwatch watch
`);

/** Flag `no_auth`. */
export const servedWithoutPassword = words('auth hello quit reset');

/** Commands without keys, which a cluster serves in any state. */
export const keyless = words(`
  acl asking auth bgrewriteaof bgsave client cluster command config dbsize debug discard echo exec
  failover flushall flushdb function hello info keys lastsave latency lolwut memory module monitor
  multi ping psubscribe publish pubsub punsubscribe quit randomkey readonly readwrite replconf
  replicaof reset role save scan script select shutdown slaveof slowlog subscribe swapdb sync time
  unsubscribe unwatch wait
`);

/** Their effects are unknown before they run; Redis refuses those that write. */
export const scripts = words('eval evalsha fcall');
