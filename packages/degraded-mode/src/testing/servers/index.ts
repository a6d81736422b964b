/** Processes, ports and the real Redis of tests. Not published: what others need is in `./testing`. */
export { type LeashedCommand, spawnLeashed } from './leash.ts';
export { LeashedProcess } from './leashed-process.ts';
export { freePort, freePorts, isPortFree } from './ports.ts';
export { commandLine, isRunning, isStopped, readPidFile } from './processes.ts';
export { findProgram } from './programs.ts';
export { type RedisOptions, startRedis } from './redis.ts';
export { RedisFiles } from './redis-files.ts';
export { findRedis, redisNeeded } from './redis-programs.ts';
export type { RedisServer } from './redis-server.ts';
export { ServerProcess, ServerStartError } from './server-process.ts';
export { holdsWithin } from './wait.ts';
