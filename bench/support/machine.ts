import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { findRedis, howToGetRedis } from '@secureconnect/embedded';
import { digits } from './markdown.ts';

const gibibyte = 2 ** 30;

/** The machine in general terms, with how busy it was already: figures of a busy one are noise. */
export function describeMachine(): string {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  const memory = digits(totalmem() / gibibyte);
  const node = process.version.slice(1);
  return `${cores} cores, ${memory} GiB of memory, ${process.platform} ${process.arch}, Node ${node}; load average ${digits(load)} before the run`;
}

/** The name and version of the Redis here: `Redis server 7.0.15`. @throws Error if there is none */
export function describeRedis(): string {
  const program = findRedis();
  if (program === undefined) throw new Error(`This needs Redis: ${howToGetRedis}`);
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, name = 'Redis', version = '?'] = /^(\w+ server)\b.*?\bv=(\S+)/.exec(stdout) ?? [];
  return `${name} ${version}`;
}
