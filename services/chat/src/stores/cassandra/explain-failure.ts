import { connectionExplanations, type Explanations, explain } from '@secureconnect/service';
import { errors, types } from 'cassandra-driver';
import type { CassandraConfig } from './cassandra-config.ts';

const address =
  'Check that Cassandra runs there, and the host and port in CASSANDRA_CONTACT_POINTS.';
const name = 'Correct the host in CASSANDRA_CONTACT_POINTS, or the DNS of this machine.';
const migrations =
  'Run the migrations of this version: node scripts/migrate.ts with this CASSANDRA_KEYSPACE.';

/** In the words of docs/troubleshooting.md, by the codes of `codeOf`. */
export const cassandraExplanations: Explanations = {
  'bad credentials': {
    problem: 'the user or its password was refused',
    remedy: 'Correct CASSANDRA_USERNAME and CASSANDRA_PASSWORD.',
  },
  'no credentials': {
    problem: 'a login is demanded',
    remedy: 'Set CASSANDRA_USERNAME and CASSANDRA_PASSWORD.',
  },
  unauthorized: {
    problem: 'the user lacks a right',
    remedy: 'Grant it, or name a different user in CASSANDRA_USERNAME.',
    quotesServer: true,
  },
  'no such data centre': {
    problem: 'no node is in this data centre',
    remedy: 'Correct CASSANDRA_LOCAL_DATACENTER.',
    quotesServer: true,
  },
  'no such keyspace': { problem: 'the keyspace does not exist', remedy: migrations },
  'no such table': { problem: 'a table is missing', remedy: migrations, quotesServer: true },
  'no such column': { problem: 'a column is missing', remedy: migrations, quotesServer: true },
  'too few replicas': {
    problem: 'too few replicas are up',
    remedy: 'Start the nodes that are down, or lower the replication of the keyspace to the nodes.',
    quotesServer: true,
  },
  ...connectionExplanations(address),
  ENOTFOUND: { problem: 'the host name does not resolve', remedy: name },
};

/** Of errors that an invalid statement has, by what Cassandra 5 says. */
const invalid: readonly (readonly [RegExp, string])[] = [
  [/^Keyspace '?\w+'? does not exist/i, 'no such keyspace'],
  [/^(?:table|unconfigured table) \w+/i, 'no such table'],
  [/^Undefined column name/i, 'no such column'],
];

/** Of errors of the driver (4.10.0) that have no code. */
const ofDriver: readonly (readonly [RegExp, string])[] = [
  [/requires authentication, but no authenticator/, 'no credentials'],
  [/^localDataCenter was configured as /, 'no such data centre'],
  [/^No host could be resolved/, 'ENOTFOUND'],
  [/timeout/i, 'ETIMEDOUT'],
];

/**
 * One line about why Cassandra cannot be used, without a password: `Cassandra at db:9042 (data
 * centre "dc1", keyspace "chat"): the user or its password was refused (bad credentials). …`.
 * Undefined for errors that no operator's mistake explains.
 */
export function explainCassandraFailure(
  error: unknown,
  { contactPoints, localDataCenter, keyspace }: CassandraConfig,
): string | undefined {
  const cause = causeOfNode(error);
  const code = codeOf(cause);
  if (code === undefined) return undefined;
  const place = `${contactPoints.join(',')} (data centre "${localDataCenter}", keyspace "${keyspace}")`;
  const serverWords = cause instanceof Error ? cause.message : undefined;
  return explain(cassandraExplanations, { code, place: `Cassandra at ${place}`, serverWords });
}

/** The driver gives one error for all nodes that it tried; the first one's says why. */
function causeOfNode(error: unknown): unknown {
  if (!(error instanceof errors.NoHostAvailableError)) return error;
  const [first] = Object.values(error.innerErrors ?? {});
  return first ?? error;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const matching = (table: readonly (readonly [RegExp, string])[]): string | undefined =>
    table.find(([pattern]) => pattern.test(error.message))?.[1];
  if (error instanceof errors.ResponseError) return codeOfResponse(error) ?? matching(invalid);
  if (error instanceof errors.AuthenticationError) return matching(ofDriver) ?? 'bad credentials';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return matching(ofDriver);
}

function codeOfResponse({ code }: errors.ResponseError): string | undefined {
  const { badCredentials, unauthorized, unavailableException } = types.responseErrorCodes;
  if (code === badCredentials) return 'bad credentials';
  if (code === unauthorized) return 'unauthorized';
  return code === unavailableException ? 'too few replicas' : undefined;
}
