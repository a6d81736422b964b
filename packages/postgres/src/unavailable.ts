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
 * SQLSTATE classes that say "not now": 08 connection, 53 out of resources, 57 operator intervention
 * (shutdown, cancelled by time-out), 40 a transaction that lost every retry (PostgreSQL, appendix A).
 */
const passingClasses = new Set(['08', '53', '57', '40']);

/** What a server says that was demoted to a standby and still gets our connections. */
const readOnlyTransaction = '25006';

/** Messages that pg gives to plain Errors (no code) when it has lost its server. */
const clientMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/;

/** Whether the database could not serve, as opposed to having refused what it was asked. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state === undefined) return isConnectionLost(error);
  return passingClasses.has(state.slice(0, 2)) || state === readOnlyTransaction;
}

/** Whether the connection failed by itself: no word came from the server. */
export function isConnectionLost(error: unknown): error is Error {
  if (!(error instanceof Error) || sqlState(error) !== undefined) return false;
  if ('code' in error && typeof error.code === 'string') return networkCodes.has(error.code);
  return clientMessages.test(error.message);
}
