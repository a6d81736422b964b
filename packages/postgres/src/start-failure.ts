import { noFreeConnectionCode } from './own-limits.ts';

/** What an operator reads about a failure: what went wrong, and what to do. */
export interface Explanation {
  readonly problem: string;
  readonly remedy: string;
  /** The server's own words name what it is about, such as the table; they hold no secret. */
  readonly quotesServer?: true;
}

const passwordRemedy =
  'Correct the password in DATABASE_URL; a volume keeps the password it was created with.';
const addressRemedy = 'Check that PostgreSQL runs there, and the host and port in DATABASE_URL.';
const nameRemedy = 'Correct the host in DATABASE_URL, or the DNS of this machine.';
const authorityRemedy = 'Name the authority of the server in NODE_EXTRA_CA_CERTS.';
const certificate = (problem: string, remedy: string): Explanation => ({ problem, remedy });

/**
 * SQLSTATEs, codes of Node and of OpenSSL, and messages of the driver that have no code, in the words
 * of docs/troubleshooting.md.
 */
export const explanations: Readonly<Record<string, Explanation>> = {
  '28P01': { problem: 'the password was refused', remedy: passwordRemedy },
  '28000': {
    problem: 'the role was refused',
    remedy:
      'Correct the role in DATABASE_URL, add sslmode=verify-full to it if the server demands TLS, or ' +
      'correct pg_hba.conf of the server.',
    quotesServer: true,
  },
  'The server does not support SSL connections': {
    problem: 'TLS is not offered',
    remedy: 'Set it up on the server, or remove sslmode from DATABASE_URL.',
  },
  '3D000': {
    problem: 'the database does not exist',
    remedy: 'Create it, or correct its name in DATABASE_URL.',
  },
  ERR_INVALID_URL: {
    problem: 'the URL cannot be read',
    remedy:
      'Correct DATABASE_URL; in its password, characters such as / are percent-encoded (%2F).',
  },
  '42501': {
    problem: 'the role lacks a right',
    remedy: 'Grant it, or name a different role in DATABASE_URL.',
    quotesServer: true,
  },
  '53100': { problem: 'the disk of the server is full', remedy: 'Free space on it.' },
  '53300': {
    problem: 'the server has no connection left',
    remedy: 'Raise max_connections, or run fewer instances.',
  },
  '57P03': { problem: 'the server is starting or stopping', remedy: 'Retry when it is up.' },
  ECONNREFUSED: { problem: 'the connection was refused', remedy: addressRemedy },
  ECONNRESET: { problem: 'the connection was closed', remedy: addressRemedy },
  EPIPE: { problem: 'the connection was closed', remedy: addressRemedy },
  ETIMEDOUT: { problem: 'the connection timed out', remedy: addressRemedy },
  [noFreeConnectionCode]: {
    problem: 'every connection of this process was in use',
    remedy:
      'If PostgreSQL answers others, follow docs/runbooks/database-connections-exhausted.md; ' +
      'this process may also lack processor time.',
  },
  'Connection terminated due to connection timeout': {
    problem: 'the connection timed out',
    remedy: addressRemedy,
  },
  EHOSTUNREACH: { problem: 'the host is unreachable', remedy: addressRemedy },
  ENETUNREACH: { problem: 'the network is unreachable', remedy: addressRemedy },
  ENOTFOUND: { problem: 'the host name does not resolve', remedy: nameRemedy },
  EAI_AGAIN: { problem: 'the host name could not be looked up', remedy: nameRemedy },
  CERT_HAS_EXPIRED: certificate('the certificate has expired', 'Renew it, or correct the clock.'),
  CERT_NOT_YET_VALID: certificate('the certificate is not valid yet', 'Correct the clock.'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('the certificate is not trusted', authorityRemedy),
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('the certificate is not trusted', authorityRemedy),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('the certificate is not trusted', authorityRemedy),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    'the certificate is for a different host',
    'Use a host in DATABASE_URL that the certificate names.',
  ),
};

const schemaRemedy =
  'Run the migrations of this version: node scripts/migrate.ts with this DATABASE_URL.';
const olderSchema = (problem: string): Explanation => ({
  problem,
  remedy: schemaRemedy,
  quotesServer: true,
});

/** What a service meets whose tables are those of an older version. */
export const schemaExplanations: Readonly<Record<string, Explanation>> = {
  '3F000': olderSchema('a schema is missing'),
  '42P01': olderSchema('a table is missing'),
  '42703': olderSchema('a column is missing'),
};

const serviceExplanations = { ...explanations, ...schemaExplanations };

/**
 * One line about an error that the database has caused, with its address and without the password:
 * `PostgreSQL at db:5432 (database "app", role "app"): the password was refused (28P01). …`.
 * Undefined for errors without a row in `explanations`.
 */
export function explainDatabaseFailure(error: unknown, databaseUrl: string): string | undefined {
  return explained(error, databaseUrl, explanations);
}

/**
 * The same for a service, whose tables may be those of an older version. To migrations a missing
 * table is a fault of their own.
 */
export function explainServiceFailure(error: unknown, databaseUrl: string): string | undefined {
  return explained(error, databaseUrl, serviceExplanations);
}

function explained(
  error: unknown,
  databaseUrl: string,
  table: Readonly<Record<string, Explanation>>,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  if (!Object.hasOwn(table, code)) return undefined;
  const { problem, remedy, quotesServer } = table[code] as Explanation;
  const words = quotesServer ? `: ${error.message}` : '';
  return `${databasePlace(databaseUrl)}: ${problem} (${code}${words}). ${remedy}`;
}

/**
 * `PostgreSQL at db:5432 (database "app", role "app")`: never the password, and no more than the
 * first word for a URL that cannot be read.
 */
export function databasePlace(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'PostgreSQL';
  const { hostname, port, pathname, username } = new URL(databaseUrl);
  const address = `${hostname}:${port === '' ? '5432' : port}`;
  return `PostgreSQL at ${address} (database "${pathname.slice(1)}", role "${username}")`;
}
