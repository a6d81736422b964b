import type { Check } from './check.ts';
import { alertsAccessCheck } from './checks/alerts-access.ts';
import { bucketCheck } from './checks/bucket.ts';
import { bucketAccessCheck } from './checks/bucket-access.ts';
import { bucketCorsCheck } from './checks/bucket-cors.ts';
import { bucketVersionsCheck } from './checks/bucket-versions.ts';
import { cassandraCheck } from './checks/cassandra.ts';
import { certificatesCheck } from './checks/certificates.ts';
import { clocksCheck } from './checks/clocks.ts';
import { degradedCheck } from './checks/degraded.ts';
import { directoryCheck } from './checks/directory.ts';
import { gatewayCheck } from './checks/gateway.ts';
import { gatewayEncryptionCheck } from './checks/gateway-encryption.ts';
import { hostsCheck } from './checks/hosts.ts';
import { keysCheck } from './checks/keys.ts';
import { mailCheck } from './checks/mail.ts';
import { mailEncryptionCheck } from './checks/mail-encryption.ts';
import { metricsCheck } from './checks/metrics.ts';
import { modeCheck } from './checks/mode.ts';
import { postgresCheck } from './checks/postgres.ts';
import { postgresAccessCheck } from './checks/postgres-access.ts';
import { postgresConnectionsCheck } from './checks/postgres-connections.ts';
import { postgresDurabilityCheck } from './checks/postgres-durability.ts';
import { postgresSchemaCheck } from './checks/postgres-schema.ts';
import { proxiesCheck } from './checks/proxies.ts';
import { redisCheck } from './checks/redis.ts';
import { redisAccessCheck } from './checks/redis-access.ts';
import { redisClusterCheck } from './checks/redis-cluster.ts';
import { redisEvictionCheck } from './checks/redis-eviction.ts';
import { redisPersistenceCheck } from './checks/redis-persistence.ts';
import { redisReplicationCheck } from './checks/redis-replication.ts';
import { secretsCheck } from './checks/secrets.ts';
import { sentinelAccessCheck } from './checks/sentinel-access.ts';
import { sentinelsCheck } from './checks/sentinels.ts';
import { turnCheck } from './checks/turn.ts';
import { turnAccessCheck } from './checks/turn-access.ts';

/** Every check, in the order of the output. */
export const allChecks: readonly Check[] = [
  ...[modeCheck, secretsCheck, hostsCheck, proxiesCheck, keysCheck, certificatesCheck, clocksCheck],
  ...[gatewayCheck, degradedCheck, gatewayEncryptionCheck, metricsCheck, alertsAccessCheck],
  ...[redisCheck, redisAccessCheck, redisEvictionCheck, redisPersistenceCheck],
  ...[redisReplicationCheck, sentinelsCheck, sentinelAccessCheck, redisClusterCheck],
  ...[postgresCheck, postgresAccessCheck, postgresDurabilityCheck, postgresSchemaCheck],
  ...[
    postgresConnectionsCheck,
    cassandraCheck,
    mailCheck,
    mailEncryptionCheck,
    turnCheck,
    turnAccessCheck,
  ],
  ...[bucketCheck, bucketAccessCheck, bucketCorsCheck, bucketVersionsCheck, directoryCheck],
];
