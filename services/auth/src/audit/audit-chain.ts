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

/** The salt keeps an erased address from being found by trying all of them. */
export function personalDigest(salt: Buffer, { address, agent, email }: PersonalParts): Buffer {
  const fields = ['secureconnect audit personal 1', address, agent, email];
  return createHash('sha256').update(salt).update(JSON.stringify(fields)).digest();
}
