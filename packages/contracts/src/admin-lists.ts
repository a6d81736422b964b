import { z } from 'zod';
import { AuditAction, AuditActor, AuditDetails, AuditMode } from './audit.ts';
import { Cursor, Limit, pageEnd } from './page.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** An entry of the audit log without its personal parts, which only the export has. */
export const AdminAuditEntry = z
  .object({
    /** Its place in the hash chain. */
    sequence: z
      .int()
      .min(1)
      .meta({ examples: [1204] }),
    entry_id: Uuid,
    recorded_at: Timestamp,
    action: AuditAction,
    user_id: Uuid.nullable(),
    actor: AuditActor,
    actor_id: Uuid.nullable(),
    mode: AuditMode,
    details: AuditDetails.meta({ examples: [{ sessions_ended: 2 }] }),
  })
  .meta({ id: 'AdminAuditEntry' });
export type AdminAuditEntry = z.infer<typeof AdminAuditEntry>;

/** Query of `GET /v1/admin/audit`. */
export const AdminAuditQuery = z.object({
  user_id: Uuid.optional().meta({ description: 'Only entries about this account.' }),
  limit: Limit,
  cursor: Cursor,
});
export type AdminAuditQuery = z.infer<typeof AdminAuditQuery>;

/** Reply of `GET /v1/admin/audit`, newest first. */
export const AdminAuditPage = z.object({ entries: z.array(AdminAuditEntry), ...pageEnd });
export type AdminAuditPage = z.infer<typeof AdminAuditPage>;

/** An effect outside the database, such as a mail. Its content is not shown: it may be personal. */
export const OutboxEffect = z
  .object({
    effect_id: Uuid,
    kind: z.string().meta({ examples: ['mail'] }),
    tries: z
      .int()
      .min(0)
      .meta({ examples: [3] }),
    /** Why the last attempt failed; null before the first one, and while it is under way. */
    last_error: z
      .string()
      .nullable()
      .meta({ examples: ['ECONNREFUSED'] }),
    created_at: Timestamp,
    /** Of one that waits: the next attempt. */
    due_at: Timestamp.nullable(),
    /** Of one that was given up: when. */
    given_up_at: Timestamp.nullable(),
  })
  .meta({ id: 'OutboxEffect' });
export type OutboxEffect = z.infer<typeof OutboxEffect>;

const count = z
  .int()
  .min(0)
  .meta({ examples: [1] });

/** Reply of `GET /v1/admin/outbox`: how many there are, and the first hundred of each. */
export const OutboxReport = z
  .object({
    waiting: z.object({ count, effects: z.array(OutboxEffect) }),
    given_up: z.object({ count, effects: z.array(OutboxEffect) }),
  })
  .meta({ id: 'OutboxReport' });
export type OutboxReport = z.infer<typeof OutboxReport>;
