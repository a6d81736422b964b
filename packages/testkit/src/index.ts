import './provided.ts';

export {
  allRedisFaults,
  askRedis,
  copyData,
  deniedFaults,
  type EventuallyOptions,
  errorFaults,
  eventually,
  type FaultMode,
  FaultProxy,
  flapping,
  type ProxyFault,
  proxyFaults,
  type Reach,
  type RedisFault,
  type RefusingState,
  redisFaults,
  rollBack,
} from '@secureconnect/degraded-mode/testing';
export {
  freePort,
  isRunning,
  LeashedProcess,
  type RedisServer,
  spawnLeashed,
} from '@secureconnect/embedded';
export { type BrowserPage, startBrowser } from './browser.ts';
export { cacheFolder } from './cache-folder.ts';
export { type CallOptions, call, type Reply } from './call.ts';
export {
  type Certificate,
  type Certificates,
  certificatesSkipReason,
  makeCertificates,
  tlsSettings,
} from './certificates.ts';
export { type CompileSuite, itRefusesToCompile, type Refused } from './compile-suite.ts';
export { compilerErrors } from './compiler-errors.ts';
export { LogLines } from './log-lines.ts';
export { type LoopbackServer, programSkipReason, startLoopbackServer } from './loopback-server.ts';
export {
  authorizeAs,
  type ProviderFault,
  refusingPerson,
  type TestOidcProvider,
  testOidcProvider,
} from './oidc/test-oidc-provider.ts';
export { OtlpReceiver, type ReceivedLine, type ReceivedSpan } from './otlp-receiver.ts';
export { type OwnPostgres, ownPostgres } from './own-postgres.ts';
export { installPacked, promisedNodes } from './packed-package.ts';
export { PasskeyDevice, type PasskeyDeviceOptions } from './passkey-device.ts';
export { preparedExport } from './prepared-export.ts';
export {
  type KnownUser,
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
  alertmanagerSkipReason,
  type PostedAlert,
  type TestAlertmanager,
  type TestReceiver,
  testAlertmanager,
} from './test-alertmanager.ts';
export {
  cassandraSkipReason,
  ownCassandraSkipReason,
  sharedCassandra,
  type TestCassandra,
  testCassandra,
} from './test-cassandra.ts';
export {
  type CoturnOptions,
  coturnSkipReason,
  type TestCoturn,
  testCoturn,
} from './test-coturn.ts';
export {
  type KubernetesAddress,
  kubectl,
  kubernetesSkipReason,
  ownKubernetesSkipReason,
  sharedKubernetes,
  type TestKubernetes,
  testKubernetes,
} from './test-kubernetes.ts';
export {
  type LiveKitOptions,
  liveKitKey,
  liveKitSkipReason,
  sfuEnvironment,
  type TestLiveKit,
  testLiveKit,
} from './test-livekit.ts';
export {
  type PgBouncerOptions,
  pgBouncerSkipReason,
  type TestPgBouncer,
  testPgBouncer,
} from './test-pgbouncer.ts';
export { type TestDatabase, testPostgres } from './test-postgres.ts';
export {
  prometheusSkipReason,
  type TestPrometheus,
  type TestRule,
  testPrometheus,
} from './test-prometheus.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
export {
  type ClusterNode,
  redisClusterSkipReason,
  type TestRedisCluster,
  testRedisCluster,
} from './test-redis-cluster.ts';
export {
  namedS3,
  namedS3SkipReason,
  ownS3SkipReason,
  type S3Address,
  type S3Engine,
  s3Engines,
  type TestS3,
  testS3,
} from './test-s3.ts';
export { troubleshootingRows } from './troubleshooting-rows.ts';
