import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  type Certificate,
  type Certificates,
  certificatesSkipReason,
  freePort,
  makeCertificates,
  type TestDatabase,
  testPostgres,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import { OutageLog } from '../observability/outage-log.ts';
import { openServiceDatabase } from './open-service-database.ts';

let server: TestDatabase;
let withoutRights: string;
beforeAll(async () => {
  server = await testPostgres();
  await using opened = opening(server.url);
  const { pathname } = new URL(server.url);
  withoutRights = `none_${pathname.slice(1)}`;
  await opened.database.execute(`CREATE ROLE ${withoutRights} LOGIN PASSWORD 'of-nobody'`);
  await opened.database.execute('CREATE SCHEMA auth CREATE TABLE users (id int)');
});
afterAll(async () => {
  {
    await using opened = opening(server.url);
    await opened.database.execute(`DROP ROLE ${withoutRights}`);
  }
  await server.close();
});

/** A service's database, and the one line about an outage of it. */
function opening(databaseUrl: string) {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) });
  const resources = new AsyncDisposableStack();
  const config = { databaseUrl };
  const metrics = createMetrics();
  const database = openServiceDatabase({ name: 'test', config, log, resources, metrics });
  const outages = new OutageLog({ log, fields: { dependency: 'database' } });
  return { database, lines, outages, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** What a service logs that asks once, under this URL. */
async function lineOf(url: URL, statement = 'SELECT 1'): Promise<string> {
  await using opened = opening(url.href);
  const error = await opened.database.query(statement).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  opened.outages.failed(error);
  expect(opened.lines).toHaveLength(1);
  return opened.lines[0] ?? '';
}

/** A server of which only the TLS works. */
async function tlsServer({ cert, key }: Certificate) {
  const material = { cert: readFileSync(cert), key: readFileSync(key) };
  const listening = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      socket.write('S');
      const secured = new TLSSocket(socket, { ...material, isServer: true });
      secured.on('error', () => secured.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => listening.close(() => resolve()));
  return { port, [Symbol.asyncDispose]: close };
}

type Change = (url: URL) => void | Promise<void>;

describe('a mistake in DATABASE_URL is one line of the service:', () => {
  const mistakes: readonly (readonly [string, Change, string])[] = [
    [
      'the host',
      (url) => {
        url.hostname = 'nowhere.invalid';
      },
      'PostgreSQL at nowhere.invalid:PORT (database "NAME", role "ROLE"): the host name',
    ],
    [
      'the port',
      async (url) => {
        url.port = String(await freePort());
      },
      'PostgreSQL at HOST:PORT (database "NAME", role "ROLE"): the connection was refused (ECONNREFUSED). Check that PostgreSQL runs there, and the host and port in DATABASE_URL.',
    ],
    [
      'the password',
      (url) => {
        url.password = 'a-wrong-word';
      },
      'PostgreSQL at HOST:PORT (database "NAME", role "ROLE"): the password was refused (28P01). Correct the password in DATABASE_URL; a volume keeps the password it was created with.',
    ],
    [
      'the name of the database',
      (url) => {
        url.pathname = '/not_there';
      },
      'the database does not exist (3D000). Create it, or correct its name in DATABASE_URL.',
    ],
    [
      'TLS that the server does not offer',
      (url) => {
        url.searchParams.set('sslmode', 'verify-full');
      },
      'TLS is not offered (The server does not support SSL connections). Set it up on the server, or remove sslmode from DATABASE_URL.',
    ],
  ];

  const told = (words: string, { hostname, port, pathname, username }: URL): string =>
    words
      .replace('HOST', hostname)
      .replace('PORT', port)
      .replace('NAME', pathname.slice(1))
      .replace('ROLE', username);

  it.each(mistakes)('%s', async (_what, change, words) => {
    const url = new URL(server.url);
    await change(url);
    const line = await lineOf(url);
    const { cause } = JSON.parse(line) as { cause: { remedy: string } };
    expect(cause.remedy).toContain(told(words, url));
    expect(line).not.toContain('a-wrong-word');
    expect(line).not.toMatch(/"stack"|\\n\s+at /);
  });

  it('a role without rights', async () => {
    const url = new URL(server.url);
    url.username = withoutRights;
    url.password = 'of-nobody';
    const line = await lineOf(url, 'SELECT id FROM auth.users');
    expect(line).toContain('(42501: permission denied for schema auth). Grant it, or name');
    expect(line).not.toContain('of-nobody');
  });

  it('a database whose migrations have not run', async () => {
    const line = await lineOf(new URL(server.url), 'SELECT id FROM auth.sessions');
    expect(line).toContain(
      'a table is missing (42P01: relation \\"auth.sessions\\" does not exist)',
    );
    expect(line).toContain('Run the migrations of this version: node scripts/migrate.ts');
  });

  describe.skipIf(certificatesSkipReason)(`with TLS${certificatesSkipReason}`, () => {
    let certificates: Certificates;
    beforeAll(async () => {
      certificates = await makeCertificates();
    });
    afterAll(() => certificates[Symbol.asyncDispose]());

    it('a certificate that is not trusted', async () => {
      await using secured = await tlsServer(certificates.server);
      const url = new URL(`postgresql://app@127.0.0.1:${secured.port}/app?sslmode=verify-full`);
      const line = await lineOf(url);
      expect(line).toContain(`PostgreSQL at 127.0.0.1:${secured.port} (`);
      expect(line).toContain('the certificate is not trusted (');
      expect(line).toContain('Name the authority of the server in NODE_EXTRA_CA_CERTS.');
    });
  });
});
