import { errors, types } from 'cassandra-driver';

const codes = types.responseErrorCodes;

/** Cassandra's error codes for a failure of its own: a request like it may succeed later. */
const codesOfFailures = new Set<number>([
  // A node that shuts down says so with this one.
  codes.serverError,
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.truncateError,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
]);

/**
 * What the driver (4.10.0) says in an error without a class, where a statement is to be prepared and
 * the last connection to a node that counts as up has just been lost.
 */
const lostConnections = new Set(['No connection available', 'Connection closed']);

/** Whether Cassandra was unable to serve, as opposed to refusing an invalid request. */
export function isCassandraUnavailable(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return codesOfFailures.has(error.code);
  if (error instanceof errors.BusyConnectionError) return true;
  if (error instanceof errors.NoHostAvailableError) return true;
  if (error instanceof errors.OperationTimedOutError) return true;
  if (!(error instanceof Error)) return false;
  // A connection that broke during a request.
  if ('isSocketError' in error && error.isSocketError === true) return true;
  return error.constructor === Error && lostConnections.has(error.message);
}
