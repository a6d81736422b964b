import { ApiError } from '@secureconnect/service';

const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const connectCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNECTTIMEOUT',
  // The instance has just disappeared from its name.
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Whether the connection failed, so that the request had no effect. */
export function couldNotConnect(error: unknown): boolean {
  return connectCodes.has(codeOf(error) ?? '');
}

/** The error for clients if an instance failed (502) or did not answer in time (504). */
export function upstreamError(error: unknown, service: string): ApiError {
  const code = codeOf(error);
  if (code === 'UND_ERR_INVALID_ARG') {
    const details = [{ field: 'path', message: 'expected a valid request target and headers' }];
    return new ApiError('VALIDATION_ERROR', 'The request target or a header is not valid.', {
      details,
    });
  }
  if (code !== undefined && (timeoutCodes.has(code) || code === 'ECONNECTTIMEOUT')) {
    return new ApiError('GATEWAY_TIMEOUT', `The ${service} service did not answer in time.`);
  }
  return new ApiError('BAD_GATEWAY', `The ${service} service cannot be reached; try again.`);
}
