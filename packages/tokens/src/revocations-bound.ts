/**
 * The maximum age of the copy of the revocations that judges a token while Redis is down: the same for
 * requests, sockets and the gateway. Older than that, they fail closed.
 */
export const revocationsBound = { maxStalenessSeconds: 60 } as const;
