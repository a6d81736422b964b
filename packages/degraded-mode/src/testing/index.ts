/**
 * For tests of an app that uses this package: a real Redis to kill and freeze, a proxy that fails like
 * networks and servers do, and the check of every row under every fault.
 */

export { type CheckOptions, checkApp } from './check/check-app.ts';
export { Findings, type Seen } from './check/findings.ts';
export { type Matrix, terminalMatrix, wrongOf } from './check/matrix.ts';
export type { CheckReport } from './check/report.ts';
export type { CheckedApp, Sample, SampleRequest, Samples } from './check/sample.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { askRedis } from './faults/ask-redis.ts';
export type { RefusingState } from './faults/error-replies.ts';
export type { FaultMode } from './faults/fault-mode.ts';
export { FaultProxy } from './faults/fault-proxy.ts';
export { copyData, rollBack } from './faults/older-copy.ts';
export {
  errorFaults,
  flapping,
  type ProxyFault,
  proxyFaults,
  type Reach,
} from './faults/proxy-faults.ts';
export {
  allRedisFaults,
  deniedFaults,
  type RedisFault,
  redisFaults,
} from './faults/redis-faults.ts';
export { type OwnRedis, type OwnRedisOptions, ownRedis } from './servers/own-redis.ts';
export { freePort } from './servers/ports.ts';
export type { RedisServer } from './servers/redis-server.ts';
