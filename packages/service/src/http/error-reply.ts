import { type ErrorDetail, failure } from '@secureconnect/contracts';
import { type DegradedMode, DegradedRefusal, redisName } from '@secureconnect/degraded-mode';
import { isDatabaseLate, isDatabaseUnavailable } from '@secureconnect/postgres';
import { causeOf, errorFields } from '../observability/cause.ts';
import type { Logger } from '../observability/logger.ts';
import { ApiError } from './api-error.ts';
import type { RequestContext } from './request-context.ts';

/** The whole reply for an error, for HTTP and for refused upgrades. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** When to retry while a store is down. */
const storeRetryAfterSeconds = 5;

/** The errors of body-parser, as the client sees them. */
const bodyErrors: Readonly<Record<string, () => ApiError>> = {
  'entity.parse.failed': notJson,
  'entity.verify.failed': () => invalidBody('The body could not be verified.'),
  'request.aborted': () => invalidBody('The body ended before it was complete.'),
  'request.size.invalid': () => invalidBody('The body is not as long as Content-Length says.'),
  'entity.too.large': () => new ApiError('PAYLOAD_TOO_LARGE', 'The body is too large.'),
  'encoding.unsupported': () =>
    new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Expected no Content-Encoding, gzip, deflate or br.'),
  'charset.unsupported': () => new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Expected charset utf-8.'),
};

/** The error for a body that is not JSON. */
export function notJson(): ApiError {
  return invalidBody('The body is not valid JSON.');
}

function invalidBody(message: string): ApiError {
  const details = [{ field: 'body', message: 'expected a JSON object' }];
  return new ApiError('VALIDATION_ERROR', message, { details });
}

/**
 * Converts every error to the one that the client sees, for HTTP and for sockets. An error that is
 * not meant for the client is logged and becomes one without details; a fault of Redis never does.
 */
export function errorForClient(
  error: unknown,
  log: Logger,
  mode: DegradedMode | undefined,
): ApiError | DegradedRefusal {
  if (error instanceof DegradedRefusal) return refusalForClient(error);
  const known = clientError(error);
  if (known !== undefined) return known;
  if (mode?.reportError(error) !== undefined) {
    // A use of Redis outside any port: the row declares nothing for it, so nothing is promised.
    log.error({ err: error }, 'Redis was used outside a port');
    const refused = { operation: 'this operation', port: 'undeclared', retryAfterSeconds: 5 };
    return new DegradedRefusal(refused);
  }
  log.error(errorFields(error), 'request failed');
  return new ApiError('INTERNAL_ERROR', 'Something went wrong here.');
}

/**
 * The body of a refusal by name is that of Redis; a different dependency that is down has the reply
 * of any store that cannot serve.
 */
function refusalForClient(refusal: DegradedRefusal): ApiError | DegradedRefusal {
  const { dependency, operation, retryAfterSeconds, hasOwnMessage } = refusal;
  if (dependency === redisName) return refusal;
  const what = dependency.replaceAll('_', ' ');
  const message = hasOwnMessage
    ? refusal.message
    : `The ${what} cannot be reached, which ${operation} needs; retry.`;
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}

/** The whole reply for an error. */
export function errorReply(
  error: unknown,
  context: RequestContext,
  mode: DegradedMode | undefined,
): ErrorReply {
  const told = errorForClient(error, context.log, mode);
  const refusal = [error, told].find((one) => one instanceof DegradedRefusal);
  context.refusedDependency = refusal?.dependency;
  if (isDatabaseUnavailable(error)) context.databaseFailure = causeOf(error);
  if (told instanceof DegradedRefusal) return degradedReply(told);
  const { security } = told.options;
  if (security !== undefined) context.noteSecurity(security.event, security);
  return apiErrorReply(told, context);
}

function clientError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (isDatabaseUnavailable(error)) {
    const message = isDatabaseLate(error)
      ? 'The database did not answer in time; try again.'
      : 'The database cannot be reached; try again.';
    return new ApiError('SERVICE_UNAVAILABLE', message, {
      retryAfterSeconds: storeRetryAfterSeconds,
    });
  }
  if (!(error instanceof Error)) return undefined;
  if ('type' in error && typeof error.type === 'string') return bodyErrors[error.type]?.();
  // body-parser has no type for a body that cannot be decompressed: only the status says whether
  // the client is at fault.
  if ('expose' in error && error.expose === true) return invalidBody('The body cannot be read.');
  if (error instanceof URIError) {
    const details: ErrorDetail[] = [{ field: 'path', message: 'expected valid percent-encoding' }];
    return new ApiError('VALIDATION_ERROR', 'The path cannot be decoded.', { details });
  }
  return undefined;
}

function degradedReply(refusal: DegradedRefusal): ErrorReply {
  const headers = { 'Retry-After': String(refusal.retryAfterSeconds) };
  return { status: 503, headers, body: refusal.body };
}

function apiErrorReply(error: ApiError, context: RequestContext): ErrorReply {
  const { details, retryAfterSeconds, headers } = error.options;
  const meta = { timestamp: new Date().toISOString(), request_id: context.requestId };
  return {
    status: error.status,
    headers: {
      ...headers,
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
    body: failure(error.code, error.message, meta, details),
  };
}
