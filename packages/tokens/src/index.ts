export { type ErasedPart, erasedParts, startErasing } from './account-erasure.ts';
export { tokenVariables } from './config.ts';
export {
  type RevocationPublisher,
  redisRevocationPublisher,
  redisRevocations,
  revocationReconciler,
} from './redis-revocations.ts';
export type { Revocation } from './revocation.ts';
export { RevocationFeed, type RevocationFeedOptions } from './revocation-feed.ts';
export { RevocationSnapshot, snapshotOnly } from './revocation-snapshot.ts';
export { revocationsBound } from './revocations-bound.ts';
export { createTokenSigner, type NewToken, type SignedToken } from './signer.ts';
export {
  createSocketTickets,
  createTicketSigner,
  createTicketVerifier,
  type SignedTicket,
} from './socket-tickets.ts';
export { createTokenVerifier } from './verifier.ts';
