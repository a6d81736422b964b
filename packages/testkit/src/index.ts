import './provided.ts';

export {
  freePort,
  isRunning,
  LeashedProcess,
  type RedisServer,
  spawnLeashed,
} from '@secureconnect/embedded';
export { askRedis } from './ask-redis.ts';
export { type CallOptions, call, type Reply } from './call.ts';
export {
  type Certificate,
  type Certificates,
  makeCertificates,
  tlsSettings,
  withoutCertificates,
} from './certificates.ts';
export { compilerErrors } from './compiler-errors.ts';
export type { RefusingState } from './error-replies.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export type { FaultMode } from './fault-mode.ts';
export { FaultProxy } from './fault-proxy.ts';
export { LogLines } from './log-lines.ts';
export { type LoopbackServer, startLoopbackServer, withoutProgram } from './loopback-server.ts';
export { copyData, rollBack } from './older-copy.ts';
export { type OwnPostgres, ownPostgres } from './own-postgres.ts';
export { errorFaults, flapping, type ProxyFault, proxyFaults, type Reach } from './proxy-faults.ts';
export { allRedisFaults, deniedFaults, type RedisFault, redisFaults } from './redis-faults.ts';
export {
  type Sample,
  type SampleEffect,
  type SampleRequest,
  type Samples,
  type SamplesOf,
  type SampleUser,
  type SampleWorld,
  type StoredEffect,
  textField,
} from './sample.ts';
export {
  backendScripts,
  runScript,
  type SentinelNode,
  type SentinelSet,
  startSentinelSet,
} from './sentinel-set.ts';
export { ServiceProcess, type ServiceProcessOptions } from './service-process.ts';
export { type Frame, HandshakeRefused, SocketClient, type SocketOptions } from './socket-client.ts';
export {
  type AlertLabels,
  type PostedAlert,
  type TestAlertmanager,
  type TestReceiver,
  testAlertmanager,
  withoutAlertmanager,
} from './test-alertmanager.ts';
export {
  sharedCassandra,
  type TestCassandra,
  testCassandra,
  withoutCassandra,
  withoutOwnCassandra,
} from './test-cassandra.ts';
export {
  type KubernetesAddress,
  kubectl,
  sharedKubernetes,
  type TestKubernetes,
  testKubernetes,
  withoutKubernetes,
  withoutOwnKubernetes,
} from './test-kubernetes.ts';
export {
  type PgBouncerOptions,
  type TestPgBouncer,
  testPgBouncer,
  withoutPgBouncer,
} from './test-pgbouncer.ts';
export { type TestDatabase, testPostgres } from './test-postgres.ts';
export {
  type TestPrometheus,
  type TestRule,
  testPrometheus,
  withoutPrometheus,
} from './test-prometheus.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
export {
  type ClusterNode,
  type TestRedisCluster,
  testRedisCluster,
  withoutRedisCluster,
} from './test-redis-cluster.ts';
export {
  namedS3,
  type S3Address,
  type S3Engine,
  s3Engines,
  type TestS3,
  testS3,
  withoutNamedS3,
  withoutOwnS3,
} from './test-s3.ts';
