import { NoFreeConnection, RetriesExhausted } from './own-limits.ts';
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
 * Temporary SQLSTATE classes (PostgreSQL, appendix A): 08 connection (poolers use it for all their
 * errors), 28 refused credentials, 53 out of resources, 57 operator intervention (shutdown,
 * time-out), 58 system error, 40 a conflict of transactions.
 */
const passingClasses = new Set(['08', '28', '53', '57', '58', '40']);

/** Further temporary states. */
const passingStates = new Set([
  // A server that was demoted to a standby but still gets our connections.
  '25006',
  // The transaction was idle for too long.
  '25P03',
  // The database does not exist (any more, or yet).
  '3D000',
]);

/** States after which the server or a pooler closes the connection. */
const closingClasses = /^(08|28|57P|25P03)/;

/** Messages of pg's errors without a code for a lost connection. */
const clientMessages =
  /Connection terminated|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/;

/** Whether the database could not serve, rather than refused a statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof NoFreeConnection || error instanceof RetriesExhausted) return true;
  const state = sqlState(error);
  if (state === undefined) return isConnectionLost(error);
  return passingClasses.has(state.slice(0, 2)) || passingStates.has(state);
}

/** Messages of pg for what the server did not do within a time limit of this process. */
const lateMessages = /^(Query read timeout|Connection terminated due to connection timeout)$/;

/** Of a statement that the server cancelled at its time limit. */
const cancelled = '57014';

/**
 * Whether a time limit of ours ended the call: of a statement, of opening a connection, of waiting
 * for a free one, or of all retries. The database may be reachable, and busy.
 */
export function isDatabaseLate(error: unknown): boolean {
  if (error instanceof NoFreeConnection || error instanceof RetriesExhausted) return true;
  if (sqlState(error) === cancelled) return true;
  return isConnectionLost(error) && lateMessages.test(error.message);
}

const outages = new WeakSet<Error>();

/** A cancelled statement and one without retries left: others may succeed. */
function isOfOneStatement(error: Error): boolean {
  return error instanceof RetriesExhausted || sqlState(error) === cancelled;
}

/** Notes an outage that the database itself has thrown: others have the same codes of the network. */
export function noteOutage(error: unknown): void {
  if (!(error instanceof Error) || isOfOneStatement(error)) return;
  if (isDatabaseUnavailable(error)) outages.add(error);
}

/**
 * Whether the database could not serve, and no other server with the same code of the network; or
 * whether that is the cause of the error.
 */
export function isDatabaseOutage(error: unknown): boolean {
  return error instanceof Error && (outages.has(error) || isDatabaseOutage(error.cause));
}

/** Whether the connection cannot be used after this error. */
export function isConnectionBroken(error: unknown): error is Error {
  return isConnectionLost(error) || closingClasses.test(sqlState(error) ?? '');
}

/** Whether the connection itself failed, without an error from the server. */
function isConnectionLost(error: unknown): error is Error {
  if (!(error instanceof Error) || sqlState(error) !== undefined) return false;
  if ('code' in error && typeof error.code === 'string') return networkCodes.has(error.code);
  return clientMessages.test(error.message);
}
