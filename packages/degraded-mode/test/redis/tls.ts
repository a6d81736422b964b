import { readFileSync } from 'node:fs';
import type { Certificate } from '@secureconnect/testkit';
import type { TlsMaterial } from '../../src/redis/address.ts';

/** What a client speaks TLS with: an authority and, if it is asked for one, its own certificate. */
export function tlsOf(ca: string | undefined, own?: Certificate): TlsMaterial {
  const read = (path: string): string => readFileSync(path, 'utf8');
  return {
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(own === undefined ? {} : { cert: read(own.cert), key: read(own.key) }),
  };
}
