import type { Redis } from 'ioredis';
import { reasonOf } from '../support/reason-of.ts';
import { type HostPort, nameOf, type RedisAccess } from './address.ts';
import { askRedis } from './ask-redis.ts';

/** What a sentinel says of the set that it watches; a text if it does not answer: why. */
export interface SentinelReport {
  readonly name: string;
  readonly answer: SentinelAnswer | string;
  /** Whether somebody without password may administrate it; undefined if it does not answer. */
  readonly admitsAdministrators: boolean;
}

export interface SentinelAnswer {
  readonly master: HostPort;
  /** How many sentinels must agree that the master is down. */
  readonly quorum: number;
  /** The number of sentinels, itself included. */
  readonly sentinels: number;
  /** `master`, or with `s_down`, `o_down` if it is thought to be down. */
  readonly flags: readonly string[];
  readonly replicas: readonly HostPort[];
}

/** Asks one sentinel with the four commands that the user of the services may run (docs/redis.md). */
export async function askSentinel(
  sentinel: HostPort,
  masterName: string,
  access: RedisAccess,
): Promise<SentinelReport> {
  const name = nameOf(sentinel);
  const admitsAdministrators = await isOpenToAdministrators(sentinel, access);
  try {
    const answer = await askRedis(sentinel, access, (redis) => answerOf(redis, masterName));
    return { name, answer, admitsAdministrators };
  } catch (error) {
    return { name, answer: reasonOf(error), admitsAdministrators };
  }
}

async function answerOf(redis: Redis, masterName: string): Promise<SentinelAnswer> {
  const address = await redis.call('SENTINEL', 'get-master-addr-by-name', masterName);
  const [host, port] = texts(address);
  if (host === undefined) throw new Error(`knows no master "${masterName}"`);
  const master = pairs(await redis.call('SENTINEL', 'master', masterName));
  const replicas = (await redis.call('SENTINEL', 'replicas', masterName)) as unknown[];
  return {
    master: { host, port: Number(port) },
    quorum: Number(master.get('quorum')),
    sentinels: Number(master.get('num-other-sentinels')) + 1,
    flags: (master.get('flags') ?? '').split(','),
    replicas: replicas.map(pairs).map((replica) => ({
      host: replica.get('ip') ?? '',
      port: Number(replica.get('port')),
    })),
  };
}

/**
 * Whether a command of administrators is answered without a password. It only reads a setting; the
 * rights to change one are the same by default (the category @admin of Redis' ACL).
 */
async function isOpenToAdministrators(sentinel: HostPort, { tls }: RedisAccess): Promise<boolean> {
  const { ca } = tls ?? {};
  const anybody = tls === undefined ? {} : { tls: ca === undefined ? {} : { ca } };
  try {
    await askRedis(sentinel, anybody, (redis) =>
      redis.call('SENTINEL', 'CONFIG', 'GET', 'announce-port'),
    );
    return true;
  } catch {
    return false; // NOPERM, NOAUTH, or nobody there, which the check of sentinels reports
  }
}

function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

/** A reply of names and values in turn. */
function pairs(reply: unknown): ReadonlyMap<string, string> {
  const all = texts(reply);
  const names = all.filter((_, index) => index % 2 === 0);
  return new Map(names.map((name, index) => [name, all[index * 2 + 1] ?? '']));
}
