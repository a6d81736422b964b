import { ApiError } from '@secureconnect/service';
import { errors, types } from 'cassandra-driver';

const retryAfterSeconds = 5;
const codes = types.responseErrorCodes;

/** Cassandra's error codes for a passing failure. */
const passingCodes = new Set<number>([
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
]);

/** Whether Cassandra was unable to serve, as opposed to refusing an invalid request. */
export function isCassandraUnavailable(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return passingCodes.has(error.code);
  if (error instanceof errors.BusyConnectionError) return true;
  if (error instanceof errors.NoHostAvailableError) return true;
  if (error instanceof errors.OperationTimedOutError) return true;
  // A connection that broke during a request.
  return error instanceof Error && 'isSocketError' in error && error.isSocketError === true;
}

/** The error for clients while Cassandra is down. */
export function storeUnavailable(): ApiError {
  const message = 'The message store is unavailable; retry.';
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}
