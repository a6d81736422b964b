import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuditAction, AuditActor, AuditDetails, AuditMode } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { countFailedLogin, insertAuditEntry } from '../stores/audit.ts';
import { personalDigest } from './audit-chain.ts';

/** Where a deed comes from, and in which mode this process was. */
export interface AuditOrigin {
  readonly address: string | null;
  readonly agent: string | null;
  readonly mode: AuditMode;
}

export interface AuditEntry {
  readonly action: AuditAction;
  /** The account that the deed concerns; null if it concerns all. */
  readonly userId: string | null;
  readonly origin: AuditOrigin;
  /** Who acted. Default: the owner of the account. */
  readonly actor?: AuditActor;
  /** Default: the account, if its owner acted. */
  readonly actorId?: string;
  readonly sessionId?: string | undefined;
  /** An e-mail address that belongs to the deed; erasable, as the origin's address and agent. */
  readonly email?: string;
  /** Facts that are not personal; they cannot be erased. */
  readonly details?: AuditDetails;
}

/** What a handler knows about the origin of its request. */
export interface AuditedRequest {
  readonly clientAddress: string;
  readonly headers: IncomingHttpHeaders;
  readonly context: { readonly isDegraded: () => boolean };
}

const maxAgentLength = 300;

/** The origin of a request. */
export function auditOrigin({ clientAddress, headers, context }: AuditedRequest): AuditOrigin {
  return {
    address: clientAddress,
    agent: headers['user-agent']?.slice(0, maxAgentLength) ?? null,
    mode: context.isDegraded() ? 'degraded' : 'normal',
  };
}

/** The origin of what a command of the operator does, or a timer for somebody unknown. */
export const unknownOrigin: AuditOrigin = { address: null, agent: null, mode: 'unknown' };

/**
 * Records an entry in the caller's transaction: one statement that conflicts with no other. A
 * sealer adds the entry to the chain later.
 */
export function recordAudit(sql: Sql, entry: AuditEntry): Promise<void> {
  return record(sql, entry, true);
}

/**
 * Records the failed login of an account, at most ten a day; the next entry tells how many were
 * left out. Takes as long if there is no such account.
 * @param subject hash of the address
 * @param userId undefined if nobody has the address
 */
export async function recordFailedLogin(
  sql: Sql,
  subject: string,
  userId: string | undefined,
  origin: AuditOrigin,
): Promise<void> {
  const { isRecorded, skippedBefore } = await countFailedLogin(sql, subject);
  const details = skippedBefore > 0 ? { failures_without_entry: skippedBefore } : {};
  const by = { actor: 'anonymous', userId: userId ?? null, origin, details } as const;
  await record(sql, { action: 'sign_in_failed', ...by }, isRecorded && userId !== undefined);
}

async function record(sql: Sql, entry: AuditEntry, isStored: boolean): Promise<void> {
  const { action, userId, origin, actor = 'user', sessionId, email = null, details = {} } = entry;
  const salt = randomBytes(32);
  const personal = { address: origin.address, agent: origin.agent, email };
  const inserted = {
    entryId: randomUUID(),
    action,
    userId,
    actorKind: actor,
    actorId: entry.actorId ?? (actor === 'user' ? userId : null),
    sessionId: sessionId ?? null,
    mode: origin.mode,
    details: JSON.stringify(details),
    personalDigest: personalDigest(salt, personal),
    salt,
    ...personal,
  };
  await insertAuditEntry(sql, inserted, isStored);
}
