import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { emailChangeLimits } from '../email/change-limits.ts';
import { removeFactorsSince } from '../factors/remove-second-factors.ts';
import { writeTemplate } from '../mail/mail-effect.ts';
import { requestMailIn } from '../request-mail.ts';
import { requireStepUp } from '../require-step-up.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { hashOf, subjectOf } from '../secrets.ts';
import {
  applyEmailChange,
  findChangeOfToken,
  insertEmailChange,
  revertEmailChange,
} from '../stores/email-changes.ts';
import { endPasswordResetsOf } from '../stores/password-resets.ts';
import { endSessionsOf } from '../stores/sessions.ts';
import { holdAccount } from '../stores/users.ts';
import { deleteWaysInSince } from '../stores/ways-in.ts';
import { closedUnlessDurable, route } from './route.ts';

const request = route(
  auth.requestEmailChange,
  {},
  async ({ user: { userId, sessionId }, body, context, noteSecurity, ...client }) => {
    const { new_email: newEmail } = body;
    const origin = auditOrigin({ ...client, context });
    const changeId = randomUUID();
    await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      const { user } = await holdAccount(sql, userId);
      const { confirmSeconds: expirySeconds } = emailChangeLimits;
      const change = { changeId, userId, sessionId, oldEmail: user.email, newEmail, expirySeconds };
      await insertEmailChange(sql, change);
      const payload = { template: 'email_change', change_id: changeId } as const;
      await requestMailIn(sql, 'email_change', subjectOf(newEmail), payload);
      const by = { userId, sessionId, origin, email: newEmail } as const;
      await recordAudit(sql, { action: 'email_change_requested', ...by });
    });
    noteSecurity('email_change_requested', { userId, sessionId });
    return { accepted: true } as const;
  },
);

const confirm = route(
  auth.confirmEmailChange,
  {},
  async ({ body, context, noteSecurity, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    const userId = await context.database.transaction(async (sql) => {
      const change = await findChangeOfToken(sql, hashOf(body.token), 'confirm');
      if (change === undefined) throw notValid();
      const outcome = await applyEmailChange(sql, change, emailChangeLimits.undoSeconds);
      if (outcome === 'taken') throw taken();
      if (outcome === 'changed meanwhile') throw notValid();
      // They were mailed to the old address.
      await endPasswordResetsOf(sql, change.userId);
      const payload = { template: 'email_changed', change_id: change.changeId } as const;
      const key = `email-changed:${change.changeId}`;
      await writeTemplate(sql, { key, payload, userId: change.userId });
      const by = { actor: 'anonymous', userId: change.userId, origin } as const;
      await recordAudit(sql, { action: 'email_changed', ...by, email: change.newEmail });
      return change.userId;
    });
    noteSecurity('email_changed', { userId });
    return { email_changed: true } as const;
  },
);

const undo = route(
  auth.undoEmailChange,
  { sessions: closedUnlessDurable, blacklist: closedUnlessDurable },
  async ({ body, context, noteSecurity, ...client }, { sessions, blacklist }) => {
    const origin = auditOrigin({ ...client, context });
    const userId = await context.database.transaction(async (sql) => {
      const change = await findChangeOfToken(sql, hashOf(body.token), 'undo');
      if (change === undefined) throw notValid();
      const { userId: owner, oldEmail } = change;
      await revertEmailChange(sql, change);
      const waysIn = await deleteWaysInSince(sql, owner, change.changeId);
      const factors = await removeFactorsSince(sql, owner, change.changeId);
      await endPasswordResetsOf(sql, owner);
      // The person who changed the address may know the password.
      const payload = { template: 'password_reset', email: oldEmail } as const;
      await requestMailIn(sql, 'password_reset', subjectOf(oldEmail), payload);
      const ended = await endSessionsOf(sql, owner);
      const details = { sessions_ended: ended.length, ways_in_removed: waysIn + factors };
      const by = { actor: 'anonymous', userId: owner, origin, details } as const;
      await recordAudit(sql, { action: 'email_change_undone', ...by });
      await revokeSessions(sql, ended, 'e-mail change undone', { sessions, blacklist });
      return owner;
    });
    noteSecurity('email_change_undone', { userId });
    return { email_restored: true } as const;
  },
);

function notValid(): ApiError {
  return new ApiError('VALIDATION_ERROR', 'This token is not valid; request the change again.', {
    details: [{ field: 'body.token', message: 'expected an unused token that has not expired' }],
    security: { event: 'email_change_refused' },
  });
}

function taken(): ApiError {
  return new ApiError('CONFLICT', 'This address has an account by now; choose a different one.', {
    security: { event: 'email_change_refused' },
  });
}

export const emailChangeRoutes = {
  requestEmailChange: request,
  confirmEmailChange: confirm,
  undoEmailChange: undo,
};
