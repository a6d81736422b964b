import { ApiError } from '@secureconnect/service';
import { errors, types } from 'cassandra-driver';

const retryAfterSeconds = 5;
const codes = types.responseErrorCodes;

/** What Cassandra answers when it cannot serve just now. */
const passingCodes = new Set<number>([
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
]);

/** Whether Cassandra could not serve, as opposed to having refused what it was asked. */
export function isCassandraUnavailable(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return passingCodes.has(error.code);
  if (error instanceof errors.BusyConnectionError) return true;
  if (error instanceof errors.NoHostAvailableError) return true;
  if (error instanceof errors.OperationTimedOutError) return true;
  // A connection that broke under a request.
  return error instanceof Error && 'isSocketError' in error && error.isSocketError === true;
}

/** What a client is told while Cassandra cannot serve. */
export function storeUnavailable(): ApiError {
  const message = 'The message store is unavailable; retry.';
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}
