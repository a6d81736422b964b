import { createRequire } from 'node:module';
import { Client, errors, types } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { isCassandraUnavailable } from './unavailable.ts';

const codes = types.responseErrorCodes;
const client = new Client({ contactPoints: ['127.0.0.1:1'], localDataCenter: 'x' });

type ConnectionPools = new (host: object, protocolVersion: number) => { borrowConnection(): void };

/** What the driver throws where it needs a connection and has none: the pools are no part of its types. */
function withoutConnection(): unknown {
  const require = createRequire(import.meta.url);
  const Pool = require('cassandra-driver/lib/host-connection-pool') as ConnectionPools;
  const { options } = client as unknown as { options: object };
  try {
    new Pool({ options, address: '127.0.0.1:1' }, 4).borrowConnection();
  } catch (error) {
    return error;
  }
  return undefined;
}

const failures: Record<string, unknown> = {
  'no connection for a statement that is not prepared yet': withoutConnection(),
  'a connection that was closed while it opened': new Error('Connection closed'),
  'a socket that broke': Object.assign(new Error('x'), { isSocketError: true }),
  'no node': new errors.NoHostAvailableError({}),
  'no reply in time': new errors.OperationTimedOutError('x'),
  'a node that shuts down': new errors.ResponseError(codes.serverError, 'x'),
  'too few replicas': new errors.ResponseError(codes.unavailableException, 'x'),
};

const faultsOfOurs: Record<string, unknown> = {
  'a statement that is refused': new errors.ResponseError(codes.syntaxError, 'x'),
  'a table that is not there': new errors.ResponseError(codes.invalid, 'x'),
  'an argument of a wrong type': new TypeError('No connection available'),
  'an error of other code': new Error('x'),
  'what is no error': 'No connection available',
};

describe('Cassandra counts as unavailable', () => {
  it.each(Object.entries(failures))('with %s', (_, error) => {
    expect(isCassandraUnavailable(error)).toBe(true);
  });

  it.each(Object.entries(faultsOfOurs))('not with %s', (_, error) => {
    expect(isCassandraUnavailable(error)).toBe(false);
  });
});
