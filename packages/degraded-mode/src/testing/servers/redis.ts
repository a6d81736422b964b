import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort } from './ports.ts';
import { RedisFiles } from './redis-files.ts';
import { findRedis, redisNeeded } from './redis-programs.ts';
import { RedisServer } from './redis-server.ts';
import { ServerStartError } from './server-process.ts';

export interface RedisOptions {
  /** Its folder; created if it does not exist; existing data is reused. */
  readonly dir: string;
  /** Default, also for 0: a free port, kept over restarts. */
  readonly port?: number;
  /** Default: the one in PATH. */
  readonly binary?: string;
  /** False: a restart loses the data. Default: true. */
  readonly appendOnly?: boolean;
  /** True: a write is on the disk before its reply, so that it survives a crash of the machine. */
  readonly durable?: boolean;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
  /** Called for steps that take long. */
  readonly log?: (line: string) => void;
}

const maxAttempts = 5;

/**
 * Starts a real Redis (or Valkey) on loopback. It ends with this process.
 * @throws Error with the last lines of its log if it does not start, or if there is no Redis.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { binary = findRedis(), appendOnly = true, durable = false, settings = [] } = options;
  if (binary === undefined) throw new Error(`There is no Redis here: ${redisNeeded}`);
  const files = new RedisFiles(resolve(options.dir));
  if (files.runningPid() !== undefined) {
    options.log?.('stopping a Redis that an earlier run left behind');
  }
  await files.endRunning();
  rmSync(files.logPath, { force: true });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    files.writeConfig(port, { appendOnly, durable }, settings);
    try {
      return await RedisServer.start(port, files, binary);
    } catch (error) {
      const portWasTaken =
        error instanceof ServerStartError && error.log.includes('Address already in use');
      if (options.port || !portWasTaken || attempt === maxAttempts) throw error;
    }
  }
}
