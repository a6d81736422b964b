import { createHash } from 'node:crypto';
import type { AuditActor, AuditMode } from '@secureconnect/contracts';

/** An entry as the chain covers it. */
export interface ChainedEntry {
  readonly entryId: string;
  readonly recordedAt: Date;
  readonly action: string;
  /** Null for a deed that concerns all accounts. */
  readonly userId: string | null;
  readonly actorKind: AuditActor;
  readonly actorId: string | null;
  readonly sessionId: string | null;
  readonly mode: AuditMode;
  /** JSON, as it is stored. */
  readonly details: string;
  readonly personalDigest: Buffer;
}

/** The parts of an entry that may be erased. */
export interface PersonalParts {
  readonly address: string | null;
  readonly agent: string | null;
  readonly email: string | null;
}

/** The end of a chain; that of the empty chain has the sequence 0 and no hash. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: Buffer;
}

/**
 * The hash of an entry in the chain: SHA-256 over its place, the hash before it, and its fields, as
 * a JSON array in this order. JSON quotes every field, so no two entries have the same text.
 */
export function chainHash(previous: ChainHead, entry: ChainedEntry): Buffer {
  const fields = [
    'secureconnect audit entry 1',
    previous.sequence + 1,
    previous.hash.toString('hex'),
    entry.entryId,
    entry.recordedAt.toISOString(),
    entry.action,
    entry.userId,
    entry.actorKind,
    entry.actorId,
    entry.sessionId,
    entry.mode,
    entry.details,
    entry.personalDigest.toString('hex'),
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest();
}

/** The salt keeps an erased address from being found by trying all of them. */
export function personalDigest(salt: Buffer, { address, agent, email }: PersonalParts): Buffer {
  const fields = ['secureconnect audit personal 1', address, agent, email];
  return createHash('sha256').update(salt).update(JSON.stringify(fields)).digest();
}
