export { type ErasedPart, erasedParts, startErasing } from './account-erasure.ts';
export {
  type TokenConfig,
  tokenConfig,
  tokenKeysOf,
  tokenVariables,
} from './config.ts';
export { type ExportList, type SqlList, sqlList } from './data-export/export-list.ts';
export { type ExportPart, exportParts } from './data-export/export-part-rows.ts';
export { type ExportingOptions, startExporting } from './data-export/start-exporting.ts';
export { drillsOf } from './follow-drills.ts';
export { keyTimes } from './keys/key-times.ts';
export type { PrivateKey } from './keys/sign-jws.ts';
export { type KeyAlgorithm, type KeySet, openVerificationKeys } from './keys/verification-keys.ts';
export type { TokenKeys } from './keys/verify-jws.ts';
// Its functions load Redis, which not every service has.
export type { RevocationPublisher } from './redis-revocations.ts';
export type { Revocation } from './revocation.ts';
export { RevocationFeed, type RevocationFeedOptions } from './revocation-feed.ts';
export { RevocationSnapshot, snapshotOnly } from './revocation-snapshot.ts';
export { revocationsBound } from './revocations-bound.ts';
export {
  createKeySigner,
  createTokenSigner,
  type NewToken,
  type SignedToken,
  type SignToken,
} from './signer.ts';
export {
  createKeyTicketSigner,
  createSocketTickets,
  createTicketSigner,
  createTicketVerifier,
  type SignedTicket,
  type SignTicket,
} from './socket-tickets.ts';
export { SqlCopy } from './sql-copy.ts';
export { createTokenVerifier } from './verifier.ts';
