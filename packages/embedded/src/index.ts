export {
  commandLine,
  findProgram,
  findRedis,
  freePort,
  freePorts,
  isPortFree,
  isRunning,
  type LeashedCommand,
  LeashedProcess,
  RedisFiles,
  type RedisOptions,
  type RedisServer,
  readPidFile,
  ServerProcess,
  spawnLeashed,
  startRedis,
} from '@secureconnect/degraded-mode/servers';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
export { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts';
export { howToGetRedis, installRedis } from './redis-install.ts';
