import type { AdminUserChanged } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, replied } from '@secureconnect/service';
import { decodeNameCursor, encodeNameCursor } from '../admin-cursor.ts';
import { sendAuditExport } from '../audit/audit-export.ts';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { endSessionsWithin } from '../end-sessions.ts';
import { notifyOwner } from '../factors/notify-owner.ts';
import { removeSecondFactors } from '../factors/remove-second-factors.ts';
import { adminActor, requireAdmin } from '../require-admin.ts';
import {
  disableAccount,
  enableAccount,
  isAccount,
  isDisabled,
  listAccounts,
} from '../stores/admin-users.ts';
import { deletePasskeysOf } from '../stores/passkeys.ts';
import { closedUnlessDurable, route } from './route.ts';

const list = route(auth.adminListUsers, {}, async ({ query, context }) => {
  const { search, cursor, limit } = query;
  const after = decodeNameCursor(cursor);
  const found = await listAccounts(context.database, search, after, limit + 1);
  const users = found.slice(0, limit);
  const last = users.at(-1);
  const hasMore = found.length > limit;
  const next = hasMore && last !== undefined ? encodeNameCursor(last.username) : null;
  return { users, next_cursor: next, has_more: hasMore };
});

const enders = { sessions: closedUnlessDurable, blacklist: closedUnlessDurable } as const;

const disable = route(
  auth.adminDisableUser,
  enders,
  async ({ user, params: { user_id: userId }, context, ...client }, ports) => {
    if (userId === user.userId) throw yourself();
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      const isChange = await disableAccount(sql, userId);
      if (isChange === undefined) throw noUser();
      const ended = await endSessionsWithin(sql, userId, 'disabled by an administrator', ports);
      if (isChange || ended > 0) {
        const details = { sessions_ended: ended };
        const by = { ...adminActor(user), userId, origin, details };
        await recordAudit(sql, { action: 'user_disabled', ...by });
      }
      return changed(userId, true, ended);
    });
  },
);

const enable = route(
  auth.adminEnableUser,
  {},
  async ({ user, params: { user_id: userId }, context, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      const isChange = await enableAccount(sql, userId);
      if (isChange === undefined) throw noUser();
      const by = { ...adminActor(user), userId, origin };
      if (isChange) await recordAudit(sql, { action: 'user_enabled', ...by });
      return changed(userId, false, 0);
    });
  },
);

const endSessions = route(
  auth.adminEndSessions,
  enders,
  async ({ user, params: { user_id: userId }, context, ...client }, ports) => {
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      const disabled = await isDisabled(sql, userId);
      if (disabled === undefined) throw noUser();
      const ended = await endSessionsWithin(sql, userId, 'ended by an administrator', ports);
      if (ended > 0) {
        const details = { sessions_ended: ended };
        const by = { ...adminActor(user), userId, origin, details };
        await recordAudit(sql, { action: 'sessions_ended', ...by });
      }
      return changed(userId, disabled, ended);
    });
  },
);

const resetFactors = route(
  auth.adminResetFactors,
  {},
  async ({ user, params: { user_id: userId }, context, noteSecurity, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    const removed = await context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      if (!(await isAccount(sql, userId))) throw noUser();
      const factors =
        (await removeSecondFactors(sql, userId)) + (await deletePasskeysOf(sql, userId));
      if (factors > 0) {
        const by = { ...adminActor(user), userId, origin, details: { factors_removed: factors } };
        await recordAudit(sql, { action: 'second_factors_reset', ...by });
        await notifyOwner(sql, userId, 'An administrator removed your second factor and passkeys.');
      }
      return factors;
    });
    if (removed > 0) noteSecurity('second_factor_changed', { userId });
    return { user_id: userId, factors_removed: removed };
  },
);

const exportAudit = route(
  auth.adminExportAudit,
  {},
  async ({ user, query, context, outgoing, outcomes, clientLeft, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    // Recorded before the first line: an export that breaks off has shown entries too.
    await context.database.transaction(async (sql) => {
      await requireAdmin(sql, user);
      const by = { ...adminActor(user), userId: user.userId, origin };
      await recordAudit(sql, { action: 'audit_exported', ...by, details: { after: query.after } });
    });
    if (!outcomes.isEmpty) outgoing.setHeader('X-Degraded', outcomes.header());
    await sendAuditExport(context.database, query.after, outgoing, clientLeft());
    return replied;
  },
);

function changed(userId: string, disabled: boolean, ended: number): AdminUserChanged {
  return { user_id: userId, disabled, sessions_ended: ended };
}

function noUser(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such user.');
}

function yourself(): ApiError {
  const details = [{ field: 'params.user_id', message: 'expected a different user' }];
  return new ApiError('VALIDATION_ERROR', 'You cannot disable yourself.', { details });
}

export const adminRoutes = {
  adminListUsers: list,
  adminDisableUser: disable,
  adminEnableUser: enable,
  adminEndSessions: endSessions,
  adminResetFactors: resetFactors,
  adminExportAudit: exportAudit,
};
