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
  // It has just gone from its name.
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Whether no connection came about, so that nothing can have been done. */
export function couldNotConnect(error: unknown): boolean {
  return connectCodes.has(codeOf(error) ?? '');
}

/** What a client is told when an instance did not answer as it should: 502, or 504 for silence. */
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
