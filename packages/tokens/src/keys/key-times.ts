/**
 * The times of key rotation. A service may know a key set that is `maxStalenessSeconds` old, and a
 * client of the JWKS one that is `jwksMaxAgeSeconds` older; so a key is published longer than both
 * before it signs, with a minute for clocks. A replaced key verifies until the longest token that it
 * can have signed has ended.
 */
export const keyTimes = {
  refreshMs: 5000,
  maxStalenessSeconds: 60,
  jwksMaxAgeSeconds: 30,
  publishedBeforeSigningSeconds: 150,
  /** The maximum lifetime of a token (3600), staleness of the signer, and two minutes for clocks. */
  verifiesAfterReplacedSeconds: 3780,
} as const;
