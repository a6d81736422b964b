/** The largest ACCESS_TOKEN_SECONDS that is allowed. */
export const maxAccessTokenSeconds = 3600;

/** Without Redis an access token cannot be revoked at once, so it is short-lived. */
export const statelessTokenSeconds = 300;

/** How far apart the clocks of services, PostgreSQL and Redis may be. */
export const clockToleranceSeconds = 60;

/**
 * Until when a session must stay revoked, in Unix ms: until its youngest access token has expired by
 * any clock. The largest lifetime counts and not the configured one, which was perhaps larger when
 * the token was signed, and which stateless tokens do not have.
 */
export function sessionRevokedUntilMs(): number {
  return Date.now() + (maxAccessTokenSeconds + clockToleranceSeconds) * 1000;
}
