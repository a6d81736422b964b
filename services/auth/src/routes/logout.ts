import { auth } from '@secureconnect/contracts/endpoints';
import type { Revocation } from '@secureconnect/tokens';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { insertRevocations } from '../stores/revocations.ts';
import { endSession } from '../stores/sessions.ts';
import { sessionRevokedUntilMs } from '../token-lifetimes.ts';
import { closedUnlessDurable, route } from './route.ts';

export const logout = route(
  auth.logout,
  { sessions: closedUnlessDurable, blacklist: closedUnlessDurable },
  async ({ user, context, noteSecurity, ...client }, { sessions, blacklist }) => {
    const expiresAtMs = sessionRevokedUntilMs();
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const revocations: Revocation[] = [
      { id: user.tokenId, expiresAtMs },
      // Other access tokens of this session may be younger than this one.
      { id: user.sessionId, expiresAtMs },
    ];
    await context.database.transaction(async (sql) => {
      await endSession(sql, user.sessionId);
      await insertRevocations(sql, revocations, 'logout');
      await recordAudit(sql, { action: 'signed_out', userId, sessionId, origin });
      await blacklist.add(revocations);
      await sessions.end([user.sessionId]);
    });
    noteSecurity('session_ended', { userId: user.userId, sessionId: user.sessionId });
    return { logged_out: true } as const;
  },
);
