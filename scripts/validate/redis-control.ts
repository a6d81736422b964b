import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Stops and starts the stack's Redis. */
export interface RedisControl {
  readonly description: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Uses the user's commands, or those of the Redis that `npm start` keeps in the data directory.
 * Throws if there is neither.
 */
export function redisControl(given: {
  stop?: string | undefined;
  start?: string | undefined;
  dataDirectory: string;
}): RedisControl {
  const local = join(given.dataDirectory, 'redis');
  if (given.stop !== undefined && given.start !== undefined) {
    return byCommands(given.stop, given.start);
  }
  if (existsSync(join(local, 'redis.conf'))) {
    const config = join(local, 'redis.conf');
    return byCommands(
      `kill "$(cat '${join(local, 'redis.pid')}')"`,
      `"$(command -v redis-server || command -v valkey-server)" '${config}'`,
    );
  }
  throw new Error(
    `"npm start" has no Redis in ${local}. Set both --stop-redis and --start-redis, ` +
      'for example --stop-redis "docker-compose stop redis" --start-redis "docker-compose start redis".',
  );
}

function byCommands(stop: string, start: string): RedisControl {
  return { description: `${stop} … ${start}`, stop: () => run(stop), start: () => run(start) };
}

async function run(command: string): Promise<void> {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`"${command}" ended with exit code ${String(code)}`);
}
