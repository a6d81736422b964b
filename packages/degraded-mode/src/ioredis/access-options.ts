import type { RedisOptions } from 'ioredis';
import type { ServerAccess, TlsMaterial } from '../redis/address.ts';
import { readUrl } from '../redis/read-url.ts';
import { ServerConnector } from './server-stream.ts';

/** Credentials and TLS as options of ioredis. */
export function accessOptions({ credentials, tls }: ServerAccess): RedisOptions {
  return { ...credentials, ...(tls === undefined ? {} : tlsOptions(tls)) };
}

function tlsOptions(tls: TlsMaterial): RedisOptions {
  return { tls: { ...tls }, Connector: ServerConnector };
}

/** The options of a URL. */
export function urlOptions(text: string): RedisOptions {
  const { isTls, database, ...options } = readUrl(text);
  return {
    ...options,
    ...(database === undefined ? {} : { db: database }),
    ...(isTls ? tlsOptions({}) : {}),
  };
}
