import { readFile, writeFile } from 'node:fs/promises';
import { certificatesSkipReason, makeCertificates, ownPostgres } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import { postgresAccessCheck } from './postgres-access.ts';

it.skipIf(certificatesSkipReason)(
  `a login by client certificate needs no password, and trust is found behind a certificate${certificatesSkipReason}`,
  { timeout: 60_000 },
  async () => {
    await using certificates = await makeCertificates();
    await using database = await ownPostgres();
    const { ca, client, server } = certificates;
    const files = { ssl_cert_file: server.cert, ssl_key_file: server.key, ssl_ca_file: ca };
    for (const [name, file] of Object.entries(files)) {
      await database.run(`ALTER SYSTEM SET ${name} = '${file}'`);
    }
    await database.run('ALTER SYSTEM SET ssl = on');
    await database.run('CREATE ROLE client LOGIN'); // the name in the certificate
    const [row] = await database.run('SHOW hba_file');
    const hbaFile = String(row?.['hba_file']);
    const others = await readFile(hbaFile, 'utf8');
    const permit = async (method: string): Promise<void> => {
      await writeFile(hbaFile, `hostssl all client 127.0.0.1/32 ${method}\n${others}`);
      await database.run('SELECT pg_reload_conf()');
    };

    const url = new URL(database.url);
    Object.assign(url, { username: 'client', password: '' });
    const tls = { sslmode: 'verify-full', sslrootcert: ca, sslcert: client.cert };
    url.search = String(new URLSearchParams({ ...tls, sslkey: client.key }));
    const outcome = () =>
      postgresAccessCheck.run(openDeployment({ DATABASE_URL: url.href }, undefined));

    await permit('cert');
    await expect.poll(outcome, { timeout: 10_000 }).toMatchObject({ status: 'ok' });
    await permit('trust');
    await expect.poll(outcome, { timeout: 10_000 }).toMatchObject({
      status: 'warn', // not fail: at this machine alone
      found: 'the database lets in without a password',
    });
  },
);
