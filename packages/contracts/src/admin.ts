import { z } from 'zod';
import {
  AuditAction,
  AuditActor,
  AuditAddress,
  AuditAgent,
  AuditDetails,
  AuditMode,
} from './audit.ts';
import { Cursor, Limit, pageEnd } from './page.ts';
import { storable, Timestamp, Uuid } from './primitives.ts';
import { OwnUser } from './users.ts';

/** An account as administrators see it. */
export const AdminUser = z
  .object({
    ...OwnUser.shape,
    role: z.string().meta({ examples: ['user'] }),
    disabled_at: Timestamp.nullable(),
    live_sessions: z
      .int()
      .min(0)
      .meta({ examples: [2] }),
  })
  .meta({ id: 'AdminUser' });
export type AdminUser = z.infer<typeof AdminUser>;

/** Query of `GET /v1/admin/users`; `search` is an id, or how an address or user name begins. */
export const AdminUserQuery = z.object({
  search: z
    .string()
    .trim()
    .min(1)
    .max(254)
    .check(storable)
    .toLowerCase()
    .optional()
    .meta({ examples: ['ada@'] }),
  limit: Limit,
  cursor: Cursor,
});
export type AdminUserQuery = z.infer<typeof AdminUserQuery>;

/** Reply of `GET /v1/admin/users`, by user name. */
export const AdminUserPage = z.object({ users: z.array(AdminUser), ...pageEnd });
export type AdminUserPage = z.infer<typeof AdminUserPage>;

/** Reply to a change of an account by an administrator. */
export const AdminUserChanged = z.object({
  user_id: Uuid,
  disabled: z.boolean(),
  sessions_ended: z
    .int()
    .min(0)
    .meta({ examples: [1] }),
});
export type AdminUserChanged = z.infer<typeof AdminUserChanged>;

/** Reply of `POST /v1/admin/users/:user_id/reset-factors`. */
export const FactorsReset = z.object({
  user_id: Uuid,
  factors_removed: z
    .int()
    .min(0)
    .meta({ examples: [1] }),
});
export type FactorsReset = z.infer<typeof FactorsReset>;

/** Query of `GET /v1/admin/audit/export`: places of the chain after `after`. */
export const AuditExportQuery = z.object({
  after: z.coerce
    .number('expected a whole number from 0')
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ examples: [0] }),
});
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

/** A line of the export: an entry with its place in the hash chain. */
export const ExportedAuditEntry = z
  .object({
    sequence: z
      .int()
      .min(1)
      .meta({ examples: [1204] }),
    hash: z.string().meta({ description: 'SHA-256, hexadecimal', examples: ['9f2c…'] }),
    entry_id: Uuid,
    recorded_at: Timestamp,
    action: AuditAction,
    user_id: Uuid.nullable(),
    actor: AuditActor,
    actor_id: Uuid.nullable(),
    session_id: Uuid.nullable(),
    mode: AuditMode,
    details: AuditDetails.meta({ examples: [{}] }),
    personal_digest: z.string().meta({ examples: ['07ab…'] }),
    /** Null once erased. */
    personal: z
      .object({
        salt: z.string().meta({ examples: ['c2Fs…'] }),
        address: AuditAddress,
        agent: AuditAgent,
        email: z
          .string()
          .nullable()
          .meta({ examples: ['ada@example.com'] }),
      })
      .nullable(),
  })
  .meta({ id: 'ExportedAuditEntry' });
export type ExportedAuditEntry = z.infer<typeof ExportedAuditEntry>;
