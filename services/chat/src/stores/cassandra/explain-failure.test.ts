import { troubleshootingRows } from '@secureconnect/testkit';
import { errors, types } from 'cassandra-driver';
import { expect, it } from 'vitest';
import { cassandraExplanations, explainCassandraFailure } from './explain-failure.ts';

const config = {
  contactPoints: ['db-1:9042', 'db-2:9042'],
  localDataCenter: 'dc1',
  keyspace: 'chat',
  replicationFactor: 3,
  credentials: { username: 'ada', password: 'hidden-word' },
};
const place = 'Cassandra at db-1:9042,db-2:9042 (data centre "dc1", keyspace "chat"): ';
const { responseErrorCodes: codes } = types;

it('docs/troubleshooting.md has exactly the rows of Cassandra', async () => {
  expect(await troubleshootingRows('Cassandra')).toEqual(
    Object.entries(cassandraExplanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      problem,
      remedy,
    ]),
  );
});

/** As the driver reports what its nodes have answered. */
const fromNode = (error: Error) => new errors.NoHostAvailableError({ 'db-1:9042': error });
const response = (code: number, message: string) => new errors.ResponseError(code, message);

// The messages are those of Cassandra 5.0.8 and of cassandra-driver 4.10.0.
it.each([
  [
    'a wrong password',
    fromNode(new errors.AuthenticationError('Provided username ada and/or password are incorrect')),
    'the user or its password was refused (bad credentials). Correct CASSANDRA_USERNAME and CASSANDRA_PASSWORD.',
  ],
  [
    'no password',
    fromNode(
      new errors.AuthenticationError(
        'Host db-1:9042 requires authentication, but no authenticator found in the options',
      ),
    ),
    'a login is demanded (no credentials). Set CASSANDRA_USERNAME and CASSANDRA_PASSWORD.',
  ],
  [
    'a missing right',
    response(codes.unauthorized, 'User ada has no SELECT permission on <table chat.messages>'),
    'the user lacks a right (unauthorized: User ada has no SELECT permission on <table chat.messages>). Grant it,',
  ],
  [
    'a wrong data centre',
    fromNode(
      new errors.ArgumentError(
        "localDataCenter was configured as 'dc1', but only found hosts in data centers: [datacenter1]",
      ),
    ),
    "no node is in this data centre (no such data centre: localDataCenter was configured as 'dc1', but only found hosts in data centers: [datacenter1]). Correct CASSANDRA_LOCAL_DATACENTER.",
  ],
  [
    'a wrong keyspace',
    response(codes.invalid, "Keyspace 'chat' does not exist"),
    'the keyspace does not exist (no such keyspace). Run the migrations',
  ],
  [
    'tables that are missing',
    response(codes.invalid, 'table message_buckets does not exist'),
    'a table is missing (no such table: table message_buckets does not exist). Run the migrations',
  ],
  [
    'a host without an address',
    new errors.NoHostAvailableError({}, 'No host could be resolved'),
    'the host name does not resolve (ENOTFOUND). Correct the host in CASSANDRA_CONTACT_POINTS,',
  ],
  [
    'a wrong port',
    fromNode(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
    'the connection was refused (ECONNREFUSED). Check that Cassandra runs there,',
  ],
])('%s is one line with the variable and without the password', (_what, error, words) => {
  const line = explainCassandraFailure(error, config) ?? '';
  expect(line.slice(0, place.length + words.length)).toBe(place + words);
  expect(line).not.toMatch(/hidden-word|\n/);
});

it('explains no fault of a statement', () => {
  expect(explainCassandraFailure(response(codes.syntaxError, 'line 1:0'), config)).toBeUndefined();
  expect(explainCassandraFailure(new TypeError('x is not a function'), config)).toBeUndefined();
});
