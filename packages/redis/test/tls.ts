import type { Certificate, Certificates } from '@secureconnect/testkit';
import { readTlsFiles, type TlsMaterial } from '../src/tls-files.ts';

/** Lines of a configuration: TLS at this port, and whoever comes shows a certificate. */
export function tlsSettings({ ca, server }: Certificates, port: number): readonly string[] {
  return [
    `tls-port ${port}`,
    `tls-cert-file ${server.cert}`,
    `tls-key-file ${server.key}`,
    `tls-ca-cert-file ${ca}`,
    'tls-auth-clients yes',
  ];
}

/** What a client speaks to such a server with, read as the product reads it. */
export function tlsOf(ca: string | undefined, own?: Certificate): TlsMaterial {
  const files = { REDIS_TLS_CA: ca, REDIS_TLS_CERT: own?.cert, REDIS_TLS_KEY: own?.key };
  return readTlsFiles(files) ?? {};
}
