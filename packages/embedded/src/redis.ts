import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort } from './ports.ts';
import { RedisFiles } from './redis-files.ts';
import { howToGetRedis } from './redis-install.ts';
import { findRedis } from './redis-programs.ts';
import { RedisServer } from './redis-server.ts';
import { ServerStartError } from './server-process.ts';

export interface RedisOptions {
  /** Its folder; created where it does not exist, started again on the data in it. */
  readonly dir: string;
  /** Undefined or 0: a free one, kept over restarts. */
  readonly port?: number;
  /** Default: the one on PATH. */
  readonly binary?: string;
  /** False: a restart loses the data. Default: true. */
  readonly appendOnly?: boolean;
  /** True: a write is on the disk before its reply, so even a crash of the machine keeps it. */
  readonly durable?: boolean;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
  /** Told about the steps that take long. */
  readonly log?: (line: string) => void;
}

const maxAttempts = 5;

/**
 * Starts a real Redis (or Valkey) on loopback. It dies with this process, whatever way that ends.
 * @throws Error with the last lines of its log when it does not start, or when there is no Redis.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { binary = findRedis(), appendOnly = true, durable = false, settings = [] } = options;
  if (binary === undefined) throw new Error(`There is no Redis here: ${howToGetRedis}`);
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
