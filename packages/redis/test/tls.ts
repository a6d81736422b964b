import type { TlsMaterial } from '@secureconnect/degraded-mode/ioredis';
import type { Certificate } from '@secureconnect/testkit';
import { readTlsFiles } from '../src/tls-files.ts';

/** What a client speaks TLS with, read as the product reads it. */
export function tlsOf(ca: string | undefined, own?: Certificate): TlsMaterial {
  const files = { REDIS_TLS_CA: ca, REDIS_TLS_CERT: own?.cert, REDIS_TLS_KEY: own?.key };
  return readTlsFiles(files) ?? {};
}
