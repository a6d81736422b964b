import type { RedisOptions } from 'ioredis';
import type { ServerAccess, TlsMaterial } from '../redis/address.ts';
import { ServerConnector } from './server-stream.ts';

/** Credentials and TLS as options of ioredis. */
export function accessOptions({ credentials, tls }: ServerAccess): RedisOptions {
  return { ...credentials, ...(tls === undefined ? {} : tlsOptions(tls)) };
}

function tlsOptions(tls: TlsMaterial): RedisOptions {
  return { tls: { ...tls }, Connector: ServerConnector };
}

/**
 * The options of a redis:// URL without its query, where ioredis would read options that replace
 * ours.
 */
export function urlOptions(text: string): RedisOptions {
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const family = Number(url.searchParams.get('family') ?? 0);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(/^\/\d+$/.test(url.pathname) ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(family === 4 || family === 6 ? { family } : {}),
    ...(url.protocol === 'rediss:' ? tlsOptions({}) : {}),
  };
}
