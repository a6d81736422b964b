/** Maximum ACCESS_TOKEN_SECONDS. */
export const maxAccessTokenSeconds = 3600;

/** Short, because without Redis an access token cannot be revoked at once. */
export const statelessTokenSeconds = 300;

/** Maximum difference between the clocks of services, PostgreSQL and Redis. */
export const clockToleranceSeconds = 60;

/**
 * When the revocation of a session may end, in Unix ms: once its youngest access token has expired
 * by any clock. Uses the maximum lifetime, because the configured one may have been larger when the
 * token was signed, and does not apply to stateless tokens.
 */
export function sessionRevokedUntilMs(): number {
  return Date.now() + (maxAccessTokenSeconds + clockToleranceSeconds) * 1000;
}
