import { randomUUID } from 'node:crypto';
import { PASSKEY_CHALLENGE_SECONDS } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { deviceNameOf } from '../device-name.ts';
import { partyOf, sessionChallenge, sessionKey } from '../passkeys/challenges.ts';
import { writePasskeyNotice } from '../passkeys/notices.ts';
import { createdKey, creationOptions, WrongAnswer } from '../passkeys/webauthn.ts';
import { requireStepUp } from '../require-step-up.ts';
import { takeChallenge } from '../stores/passkey-challenges.ts';
import {
  deletePasskey,
  insertPasskey,
  listCredentials,
  listPasskeys,
  refuseTooMany,
  updateName,
} from '../stores/passkeys.ts';
import { findAccount, holdAccount } from '../stores/users.ts';
import { countWaysIn } from '../stores/ways-in.ts';
import { route } from './route.ts';

const list = route(auth.listPasskeys, {}, async ({ user, context }) => ({
  passkeys: await listPasskeys(context.database, user.userId),
}));

const start = route(auth.startPasskey, {}, async ({ user, context }) => {
  const { userId, sessionId } = user;
  const party = partyOf(context.passkeys);
  return context.database.transaction(async (sql) => {
    await requireStepUp(sql, sessionId);
    await refuseTooMany(sql, userId);
    const { user: owner } = await findAccount(sql, userId);
    const challenge = await sessionChallenge(sql, 'add', sessionId);
    const of = { userId, username: owner.username, displayName: owner.display_name };
    return {
      public_key: creationOptions(party, challenge, of, await listCredentials(sql, userId)),
      expires_in: PASSKEY_CHALLENGE_SECONDS,
    };
  });
});

const finish = route(
  auth.finishPasskey,
  {},
  async ({ user, body, context, noteSecurity, ...client }) => {
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const created = await createdKey(partyOf(context.passkeys), body.credential).catch(
      (error: unknown) => {
        if (!(error instanceof WrongAnswer)) throw error;
        client.log.info({ user_id: userId, reason: error.message }, 'passkey refused');
        throw notAccepted(userId, sessionId);
      },
    );
    const passkeyId = randomUUID();
    const name = body.name ?? deviceNameOf(origin.agent) ?? 'Passkey';
    const passkey = await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      const { user: owner } = await holdAccount(sql, userId);
      const challenge = sessionKey('add', sessionId, created.challenge);
      if (!(await takeChallenge(sql, challenge))) throw notAccepted(userId, sessionId);
      const added = await insertPasskey(sql, { ...created.key, passkeyId, userId, name });
      const details = { passkey: passkeyId };
      await recordAudit(sql, { action: 'passkey_added', userId, sessionId, origin, details });
      await writePasskeyNotice(sql, { kind: 'added', passkeyId, userId, to: owner.email });
      return added;
    });
    noteSecurity('passkey_added', { userId, sessionId });
    return passkey;
  },
);

const rename = route(auth.renamePasskey, {}, async ({ user, params, body, context, ...client }) => {
  const { userId, sessionId } = user;
  const { passkey_id: passkeyId } = params;
  const origin = auditOrigin({ ...client, context });
  return context.database.transaction(async (sql) => {
    const passkey = await updateName(sql, userId, passkeyId, body.name);
    if (passkey === undefined) throw noPasskey();
    const details = { passkey: passkeyId };
    await recordAudit(sql, { action: 'passkey_renamed', userId, sessionId, origin, details });
    return passkey;
  });
});

const remove = route(
  auth.removePasskey,
  {},
  async ({ user, params, context, noteSecurity, ...client }) => {
    const { userId, sessionId } = user;
    const { passkey_id: passkeyId } = params;
    const origin = auditOrigin({ ...client, context });
    await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      const { user: owner } = await holdAccount(sql, userId);
      if (!(await deletePasskey(sql, userId, passkeyId))) throw noPasskey();
      // Undoes the deletion: an unknown id is NOT_FOUND in any case.
      if ((await countWaysIn(sql, userId)) === 0) throw lastWayIn();
      const details = { passkey: passkeyId };
      await recordAudit(sql, { action: 'passkey_removed', userId, sessionId, origin, details });
      await writePasskeyNotice(sql, { kind: 'removed', passkeyId, userId, to: owner.email });
    });
    noteSecurity('passkey_removed', { userId, sessionId });
    return { removed: true as const };
  },
);

export const passkeyRoutes = {
  listPasskeys: list,
  startPasskey: start,
  finishPasskey: finish,
  renamePasskey: rename,
  removePasskey: remove,
};

function notAccepted(userId: string, sessionId: string): ApiError {
  const message =
    'The passkey was not accepted, or its request has expired or was used; begin again.';
  return new ApiError('VALIDATION_ERROR', message, {
    details: [
      {
        field: 'body.credential',
        message: 'expected the answer to POST /v1/users/me/passkeys/start',
      },
    ],
    security: { event: 'passkey_refused', userId, sessionId },
  });
}

function noPasskey(): ApiError {
  return new ApiError('NOT_FOUND', 'You have no such passkey.');
}

function lastWayIn(): ApiError {
  return new ApiError(
    'CONFLICT',
    'This is your only way to sign in; set a password with a password reset, or add a passkey first.',
  );
}
