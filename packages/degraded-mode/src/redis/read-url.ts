import type { HostPort } from './host-port.ts';

/** What a `redis:` or `rediss:` URL says. */
export interface ServerUrl extends HostPort {
  readonly isTls: boolean;
  /** The number of the database. */
  readonly database?: number;
  readonly username?: string;
  readonly password?: string;
  readonly family?: 4 | 6;
}

export const defaultUrl = 'redis://localhost:6379';

const defaultPort = 6379;

/**
 * Reads a URL without its query, except `family`: clients would read options there that replace
 * ours. @throws TypeError for a text that is no such URL
 */
export function readUrl(text: string): ServerUrl {
  const url = new URL(text);
  if (!/^rediss?:$/.test(url.protocol)) {
    throw new TypeError(`the URL begins with ${url.protocol}; expected redis: or rediss:`);
  }
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const family = Number(url.searchParams.get('family') ?? 0);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? defaultPort : Number(url.port),
    isTls: url.protocol === 'rediss:',
    ...(/^\/\d+$/.test(url.pathname) ? { database: Number(url.pathname.slice(1)) } : {}),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(family === 4 || family === 6 ? { family } : {}),
  };
}
