import { auth } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { closeAccount, revokeSessionsOf } from '../deletion/close-account.ts';
import { requireStepUp } from '../require-step-up.ts';
import { cancelDeletion, insertDeletion } from '../stores/account-deletions.ts';
import { findAccount } from '../stores/users.ts';
import { closedUnlessDurable, route } from './route.ts';

const deleteMe = route(
  auth.deleteOwnAccount,
  {
    sessions: closedUnlessDurable,
    blacklist: closedUnlessDurable,
    // What it remembers expires within minutes.
    directory: failOpen.durable(),
  },
  async ({ user, context, noteSecurity, ...client }, { sessions, blacklist, directory }) => {
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const dueAt = await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      const account = await findAccount(sql, userId);
      const due = await insertDeletion(sql, userId, context.deletionGraceHours);
      const action = 'account_deletion_requested';
      await recordAudit(sql, { action, userId, sessionId, origin });
      const revocations = await revokeSessionsOf(sql, userId);
      await closeAccount(sql, userId);
      await blacklist.add(revocations);
      await sessions.end(revocations.map(({ id }) => id));
      await directory.forget(account.user);
      return due;
    });
    noteSecurity('account_deletion_requested', { userId, sessionId });
    return { deletion_begins_at: dueAt.toISOString() };
  },
);

const cancel = route(auth.cancelAccountDeletion, {}, async ({ user, context, ...client }) => {
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  const cancelled = await context.database.transaction(async (sql) => {
    if (!(await cancelDeletion(sql, userId))) return false;
    const action = 'account_deletion_cancelled';
    await recordAudit(sql, { action, userId, sessionId, origin });
    return true;
  });
  return { cancelled };
});

export const accountDeletionRoutes = {
  deleteOwnAccount: deleteMe,
  cancelAccountDeletion: cancel,
};
