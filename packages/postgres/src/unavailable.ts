import { sqlState } from './sql-state.ts';

/** Connection-level codes of Node and of the resolver. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATE classes that say "not now": 08 connection (poolers say whatever they cannot do in it), 28 the
 * server does not let us in, 53 out of resources, 57 operator intervention (shutdown, cancelled by
 * time-out), 58 an error of its system, 40 a transaction that lost every retry (PostgreSQL, appendix A).
 */
const passingClasses = new Set(['08', '28', '53', '57', '58', '40']);

/** Single states of that kind. */
const passingStates = new Set([
  // What a server says that was demoted to a standby and still gets our connections.
  '25006',
  // The transaction was idle for too long.
  '25P03',
  // There is no such database (any more, or yet).
  '3D000',
]);

/** Classes after which the server, or a pooler before it, has closed the connection or will. */
const closingClasses = /^(08|28|57P|25P03)/;

/** Messages that pg gives to plain Errors (no code) when it has lost its server. */
const clientMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/;

/** Whether the database could not serve, as opposed to having refused what it was asked. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state === undefined) return isConnectionLost(error);
  return passingClasses.has(state.slice(0, 2)) || passingStates.has(state);
}

/** Whether the connection is of no more use after this error. */
export function isConnectionBroken(error: unknown): error is Error {
  return isConnectionLost(error) || closingClasses.test(sqlState(error) ?? '');
}

/** Whether the connection failed by itself: no word came from the server. */
function isConnectionLost(error: unknown): error is Error {
  if (!(error instanceof Error) || sqlState(error) !== undefined) return false;
  if ('code' in error && typeof error.code === 'string') return networkCodes.has(error.code);
  return clientMessages.test(error.message);
}
