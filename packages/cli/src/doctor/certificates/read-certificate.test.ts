import { readFile } from 'node:fs/promises';
import { createServer } from 'node:tls';
import { certificatesSkipReason, makeCertificates } from '@secureconnect/testkit';
import { describe, expect, inject, it } from 'vitest';
import { readCertificate } from './read-certificate.ts';

describe.skipIf(certificatesSkipReason !== '')(
  `reading a certificate${certificatesSkipReason}`,
  () => {
    it('shows when it ends, and whether its authority is trusted', async () => {
      await using certificates = await makeCertificates();
      const { cert, key } = certificates.server;
      const server = createServer({ cert: await readFile(cert), key: await readFile(key) });
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      try {
        const place = { host: '127.0.0.1', port };
        const untrusted = await readCertificate(place);
        expect(untrusted?.distrust).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
        expect((untrusted?.validUntilMs ?? 0) - (untrusted?.validFromMs ?? 0)).toBe(86_400_000);
        const ca = await readFile(certificates.ca, 'utf8');
        expect((await readCertificate({ ...place, ca }))?.distrust).toBeUndefined();
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });

    it('tells a PostgreSQL without TLS from one with', async () => {
      const { hostname: host, port } = new URL(inject('postgresUrl'));
      const place = { host, port: Number(port), isPostgres: true };
      expect(await readCertificate(place)).toBeUndefined();
    });
  },
);
