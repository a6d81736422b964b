import { isDatabaseUnavailable } from '@secureconnect/postgres';
import { ApiError, type Logger, unauthorized } from '@secureconnect/service';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { ProviderUnreachable, ReplyTooLarge } from './bounded-fetch.ts';

const retryAfterSeconds = 5;

/** Codes for replies that are forged, old, or meant for something else: the sign-in is refused. */
const refusedCodes = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
]);

/** Errors in the body of a token reply that the browser's request caused. */
const refusedGrants = new Set(['invalid_grant', 'access_denied']);

/**
 * The error that a client gets for an error of openid-client: 401 if the sign-in is not good, 503
 * with the provider's name if the provider or our registration there is at fault, never 500.
 */
export function providerError(error: unknown, provider: string, log: Logger): unknown {
  if (error instanceof ApiError || isDatabaseUnavailable(error)) return error;
  if (error instanceof AuthorizationResponseError) {
    return refused(`${provider} did not sign you in (${shortCode(error.error)}); begin again.`);
  }
  if (error instanceof ResponseBodyError) {
    if (refusedGrants.has(error.error)) {
      return refused(`${provider} refused this sign-in: it has expired or was used; begin again.`);
    }
    log.warn({ provider, oauth_error: shortCode(error.error) }, 'openid provider refused us');
    return unavailable(provider);
  }
  if (error instanceof ClientError && refusedCodes.has(error.code ?? '')) {
    log.info({ provider, oauth_code: error.code }, 'openid sign-in refused');
    return refused(`The reply of ${provider} is not valid for this sign-in; begin again.`);
  }
  if (isProvidersFault(error)) {
    log.warn({ provider, reason: reasonOf(error) }, 'openid provider unavailable');
    return unavailable(provider);
  }
  return error;
}

/** The library's other errors are about the provider: no reply, or one that does not conform. */
function isProvidersFault(error: unknown): boolean {
  return (
    error instanceof ClientError ||
    error instanceof ReplyTooLarge ||
    error instanceof ProviderUnreachable
  );
}

/** A code for the log, without text that the provider wrote. */
function reasonOf(error: unknown): string {
  if (error instanceof ClientError) return error.code ?? error.name;
  return error instanceof Error ? error.name : 'unknown';
}

/** OAuth error codes are short words; anything else is not repeated. */
function shortCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'unknown error';
}

function refused(message: string): ApiError {
  return unauthorized(message, { event: 'oidc_sign_in_refused' });
}

function unavailable(provider: string): ApiError {
  const message = `The OpenID provider ${provider} cannot be reached; retry, or sign in in a different way.`;
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}
