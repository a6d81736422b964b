import { relative } from 'node:path';
import { howToGetRedis } from '@secureconnect/embedded';
import type { Database } from './database.ts';
import type { LocalRedis } from './redis.ts';
import type { Settings } from './settings.ts';

export interface Running {
  readonly settings: Settings;
  readonly database: Database;
  readonly redis: LocalRedis | undefined;
  /** A directory, or an S3 endpoint. */
  readonly files: string;
}

/** The text for a person once everything runs: addresses, backends and commands to try. */
export function banner(running: Running): string {
  const { services, redis: namedRedis } = running.settings;
  const { database, redis, files } = running;
  const gateway = `http://localhost:${services[0]?.port}`;
  const person = {
    email: 'ann@example.org',
    username: 'ann',
    password: 'correct horse battery',
    display_name: 'Ann',
  };
  const rows = [
    ...services.map(({ name, port }) => [name, `http://localhost:${port}`]),
    ['console', `${gateway}/console`],
    ['PostgreSQL', place(database.url, database.folder)],
    ['Redis', redis === undefined ? place(namedRedis ?? '') : localRedisPlace(redis)],
    ['files', URL.canParse(files) ? place(files) : shortPath(files)],
  ];
  return [
    '',
    'SecureConnect is running.',
    '',
    ...table(rows),
    '',
    'Try:',
    `  curl ${gateway}/health`,
    `  curl ${gateway}/v1/auth/register -H 'Content-Type: application/json' -d '${JSON.stringify(person)}'`,
    `  curl ${gateway}/v1/degraded`,
    ...(redis === undefined ? [] : ['', ...redisCommands(redis, gateway)]),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function table(rows: readonly string[][]): string[] {
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${value}`);
}

function redisCommands(
  { running, endCommand, startCommand }: LocalRedis,
  gateway: string,
): string[] {
  if (!running) {
    return [
      'Redis is not installed, so every service is degraded. To install it:',
      `  ${howToGetRedis}`,
      'Once redis-server is on PATH, start it for this stack; the stack recovers by itself:',
      `  ${startCommand}`,
    ];
  }
  return [
    'To see degraded mode, with two people and a switch for Redis in one page:',
    `  ${gateway}/console/demo`,
    'Or stop Redis here, then start it again:',
    `  ${endCommand}`,
    `  ${startCommand}`,
  ];
}

function localRedisPlace({ url, running, folder }: LocalRedis): string {
  return running ? place(url, folder) : 'absent';
}

/**
 * The host and port of a URL, never its password; any other text, such as a list of hosts,
 * unchanged.
 */
function place(address: string, folder?: string): string {
  const shown = URL.canParse(address) ? new URL(address).host : address;
  return folder === undefined ? shown : `${shown}, data in ${shortPath(folder)}`;
}

function shortPath(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below;
}
