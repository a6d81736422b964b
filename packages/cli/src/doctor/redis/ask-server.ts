import type { Redis } from 'ioredis';
import { reasonOf } from '../support/reason-of.ts';
import { type HostPort, nameOf, type RedisAccess } from './address.ts';
import { askRedis } from './ask-redis.ts';

/** What a Redis server says of itself. */
export interface ServerReport {
  /** `host:port`, as reached from here. */
  readonly name: string;
  readonly host: string;
  /** The fields of INFO, by name. */
  readonly info: ReadonlyMap<string, string>;
  /** CONFIG GET, or why it was refused: the user of the services need not have that right. */
  readonly settings: ReadonlyMap<string, string> | string;
  /** Its clock minus the one here, in milliseconds; the reply's way is halved. */
  readonly clockAheadMs: number | string;
  /** Whether somebody without password and client certificate is let in. */
  readonly admitsAnybody: boolean;
}

const asked = ['appendfsync', 'save'] as const;

/** Asks one server. Rejects with the reason if it does not answer INFO. */
export async function askServer(server: HostPort, access: RedisAccess): Promise<ServerReport> {
  const admitsAnybody = await isOpen(server, access);
  return askRedis(server, access, async (redis) => ({
    name: nameOf(server),
    host: server.host,
    info: fieldsOf(await redis.info()),
    settings: await settingsOf(redis),
    clockAheadMs: await clockOf(redis),
    admitsAnybody,
  }));
}

/** Whether PING without credentials is answered; false if the connection is refused as well. */
async function isOpen(server: HostPort, { tls }: RedisAccess): Promise<boolean> {
  const { ca } = tls ?? {};
  const anybody = tls === undefined ? {} : { tls: ca === undefined ? {} : { ca } };
  try {
    return (await askRedis(server, anybody, (redis) => redis.ping())) === 'PONG';
  } catch {
    return false; // NOAUTH, a required certificate, or nobody there, which other checks report
  }
}

async function settingsOf(redis: Redis): Promise<ReadonlyMap<string, string> | string> {
  try {
    const found = new Map<string, string>();
    // One name at a time: Redis before 7 takes no more.
    for (const name of asked) {
      const [, value = ''] = (await redis.config('GET', name)) as string[];
      found.set(name, value);
    }
    return found;
  } catch (error) {
    return reasonOf(error);
  }
}

async function clockOf(redis: Redis): Promise<number | string> {
  try {
    const before = Date.now();
    const [seconds, microseconds] = await redis.time();
    const middle = (before + Date.now()) / 2;
    return Number(seconds) * 1000 + Number(microseconds) / 1000 - middle;
  } catch (error) {
    return reasonOf(error);
  }
}

function fieldsOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => /^\w+:/.test(line));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}
