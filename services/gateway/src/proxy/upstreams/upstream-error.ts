import { ApiError } from '@secureconnect/service';

const timeoutCodes = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const connectCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNECTTIMEOUT',
]);

/** Of a pool that is closing, and of one that is closed. */
const retiredCodes = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Whether the connection failed, so that the request had no effect. */
export function couldNotConnect(error: unknown): boolean {
  return connectCodes.has(codeOf(error) ?? '');
}

/** Whether the instance had just been replaced, as its name has other addresses now. */
export function isRetired(error: unknown): boolean {
  return retiredCodes.has(codeOf(error) ?? '');
}

/** Whether the request cannot be sent to any instance, as its target or a header is not valid. */
export function isBadRequest(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_INVALID_ARG';
}

/** The error for clients if an instance failed (502) or did not answer in time (504), once connected. */
export function upstreamError(error: unknown, service: string): ApiError {
  const code = codeOf(error);
  if (isBadRequest(error)) {
    const details = [{ field: 'path', message: 'expected a valid request target and headers' }];
    return new ApiError('VALIDATION_ERROR', 'The request target or a header is not valid.', {
      details,
    });
  }
  if (code !== undefined && timeoutCodes.has(code)) {
    return new ApiError('GATEWAY_TIMEOUT', `The ${service} service did not answer in time.`);
  }
  return new ApiError('BAD_GATEWAY', `The ${service} service did not answer; try again.`);
}
