export type { RedisAddress } from './address.ts';
export type { RedisCommands } from './client.ts';
export { parseReply, UnexpectedReply } from './command-errors.ts';
export { type RedisConfig, redisConfig, redisVariables } from './config.ts';
export { type OpenRedisOptions, openRedis, type RedisConnection } from './connection.ts';
export { createKeyspace, defaultKeyPrefix, type Keyspace } from './keyspace.ts';
export { redisMode } from './mode.ts';
export { redisScript } from './script.ts';
export { measureSentinels, type SentinelMetricsOptions } from './sentinel-metrics.ts';
