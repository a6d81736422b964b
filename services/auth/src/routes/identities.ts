import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { beginFlow, finishFlow } from '../oidc/flows.ts';
import { requireStepUp } from '../require-step-up.ts';
import { deleteIdentity, insertIdentity, listIdentities } from '../stores/linked-identities.ts';
import { holdLiveSession } from '../stores/sessions.ts';
import { endChallengesOf } from '../stores/sign-in-challenges.ts';
import { holdAccount } from '../stores/users.ts';
import { countWaysIn } from '../stores/ways-in.ts';
import { route } from './route.ts';

const list = route(auth.listLinkedIdentities, {}, async ({ user, context }) => ({
  identities: await listIdentities(context.database, user.userId),
}));

const start = route(auth.startIdentityLink, {}, ({ user, body, context, log }) =>
  beginFlow(
    { ...context, log },
    {
      provider: body.provider,
      sessionId: user.sessionId,
      check: (sql) => requireStepUp(sql, user.sessionId),
    },
  ),
);

const finish = route(
  auth.finishIdentityLink,
  {},
  async ({ user, body, context, noteSecurity, ...client }) => {
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const flow = await finishFlow({ ...context, log: client.log }, body, sessionId);
    const { issuer, subject } = flow.identity;
    const { id: provider } = flow.client.provider;
    const identity = { identityId: randomUUID(), userId, provider, issuer, subject };
    const linked = await context.database.transaction(async (sql) => {
      if ((await holdLiveSession(sql, sessionId)) === undefined) throw sessionEnded();
      await flow.use(sql);
      const inserted = await insertIdentity(sql, identity);
      const details = { provider };
      await recordAudit(sql, { action: 'identity_linked', userId, sessionId, origin, details });
      return inserted;
    });
    noteSecurity('identity_linked', { userId, sessionId });
    return linked;
  },
);

const unlink = route(
  auth.unlinkIdentity,
  {},
  async ({ user, params, context, noteSecurity, ...client }) => {
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      await holdAccount(sql, userId);
      if (!(await deleteIdentity(sql, userId, params.identity_id))) throw noIdentity();
      if ((await countWaysIn(sql, userId)) === 0) throw lastWayIn();
      await endChallengesOf(sql, userId);
      await recordAudit(sql, { action: 'identity_unlinked', userId, sessionId, origin });
    });
    noteSecurity('identity_unlinked', { userId, sessionId });
    return { unlinked: true as const };
  },
);

export const identityRoutes = {
  listLinkedIdentities: list,
  startIdentityLink: start,
  finishIdentityLink: finish,
  unlinkIdentity: unlink,
};

function sessionEnded(): ApiError {
  return new ApiError('FORBIDDEN', 'Your session has ended meanwhile; log in and begin again.');
}

function noIdentity(): ApiError {
  return new ApiError('NOT_FOUND', 'You have no such linked sign-in.');
}

/** Thrown after the deletion, which it undoes: an unknown id is NOT_FOUND in any case. */
function lastWayIn(): ApiError {
  return new ApiError(
    'CONFLICT',
    'This is your only way to sign in; set a password with a password reset first.',
  );
}
