import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `.ci/run` keeps the programs that it builds and fetches. */
export function cacheFolder(): string {
  const { SECURECONNECT_CACHE: own, XDG_CACHE_HOME: ofUser } = process.env;
  return own ?? join(ofUser ?? join(homedir(), '.cache'), 'secureconnect');
}
