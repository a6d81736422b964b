import { randomUUID } from 'node:crypto';
import { ENROLMENT_SECONDS } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { finishSignIn } from '../factors/finish-sign-in.ts';
import { judgeCode, secretOf } from '../factors/judge-code.ts';
import { notifyOwner } from '../factors/notify-owner.ts';
import {
  newRecoveryCodes,
  recoveryCodeHash,
  shownRecoveryCode,
} from '../factors/recovery-codes.ts';
import { removeSecondFactors } from '../factors/remove-second-factors.ts';
import { newTotpSecret, stepOfCode, totpUri } from '../factors/totp.ts';
import { requireStepUp } from '../require-step-up.ts';
import { countRecoveryCodes, replaceRecoveryCodeHashes } from '../stores/recovery-codes.ts';
import { recordStepUp } from '../stores/step-ups.ts';
import {
  confirmEnrolment,
  findTotpFactor,
  hasSecondFactor,
  holdEnrolment,
  storeEnrolment,
} from '../stores/totp-factors.ts';
import { findAccount } from '../stores/users.ts';
import { locksOfSignIn, newSessionsBySetting, route } from './route.ts';

/** The second call of a sign-in. Needs Redis no more than the first one. */
const finishLogin = route(
  auth.finishLogin,
  { newSessions: newSessionsBySetting, failedLogins: locksOfSignIn },
  async ({ body, context, noteSecurity, ...request }, ports) => {
    context.signInGate.admit(request.clientAddress);
    const { log } = request;
    return finishSignIn({ context, ports, request, noteSecurity }, body.challenge, (id, origin) =>
      judgeCode(context, id, body, { origin, log }),
    );
  },
);

const get = route(auth.getSecondFactors, {}, async ({ user: { userId }, context }) => {
  const { database } = context;
  const factor = await findTotpFactor(database, userId);
  const { confirmedAt, lastUsedAt } = factor ?? {};
  if (confirmedAt === undefined) return { enabled: false, factors: [], recovery_codes_left: 0 };
  const used = lastUsedAt ?? confirmedAt;
  const totp = { added_at: confirmedAt.toISOString(), last_used_at: used.toISOString() };
  return {
    enabled: true,
    factors: [{ kind: 'totp' as const, ...totp }],
    recovery_codes_left: await countRecoveryCodes(database, userId),
  };
});

const enrol = route(auth.enrolTotp, {}, async ({ user: { userId, sessionId }, context }) => {
  const { database, factorKeys } = context;
  const { email } = (await findAccount(database, userId)).user;
  const secret = newTotpSecret();
  const uri = totpUri(secret, email);
  // Loaded at its first use, so that the service starts sooner.
  const { default: QRCode } = await import('qrcode');
  const qrCode = await QRCode.toString(uri, { type: 'svg' });
  const enrolment = {
    factorId: randomUUID(),
    encryptedSecret: factorKeys.encrypt(userId, secret),
  };
  await database.transaction(async (sql) => {
    await requireStepUp(sql, sessionId);
    if (!(await storeEnrolment(sql, userId, enrolment))) throw alreadyEnabled();
  });
  return { secret, otpauth_uri: uri, qr_svg: qrCode, expires_in: ENROLMENT_SECONDS };
});

const confirm = route(
  auth.confirmTotp,
  {},
  async ({ user: { userId, sessionId }, body, context, noteSecurity, ...client }) => {
    const { database, factorKeys } = context;
    const origin = auditOrigin({ ...client, context });
    // Before the code is judged: a stolen token learns nothing about it.
    await requireStepUp(database, sessionId);
    const factor = await findTotpFactor(database, userId);
    if (factor === undefined) throw noEnrolment();
    if (factor.confirmedAt !== undefined) throw alreadyEnabled();
    const { factorId } = factor;
    const secret = secretOf(factorKeys, userId, factor, client.log);
    const step = await stepOfCode(secret, body.code);
    if (step === undefined) throw wrongCode();
    const codes = newRecoveryCodes();
    await database.transaction(async (sql) => {
      // First, so that concurrent confirmations wait here, and not for each other's session.
      if (!(await holdEnrolment(sql, userId, factorId))) throw changedMeanwhile();
      await requireStepUp(sql, sessionId);
      await confirmEnrolment(sql, userId, step);
      // From now on, only proofs of the factor count; this session has just given one.
      await recordStepUp(sql, sessionId);
      await storeRecoveryCodes(sql, userId, codes);
      await recordAudit(sql, { action: 'second_factor_added', userId, sessionId, origin });
      await notifyOwner(sql, userId, 'An authenticator app was added to your account.');
    });
    noteSecurity('second_factor_changed', { userId, sessionId });
    return { recovery_codes: codes.map(shownRecoveryCode) };
  },
);

const replaceCodes = route(
  auth.replaceRecoveryCodes,
  {},
  async ({ user: { userId, sessionId }, context, noteSecurity, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    const codes = newRecoveryCodes();
    await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      if (!(await hasSecondFactor(sql, userId))) throw noFactor();
      await storeRecoveryCodes(sql, userId, codes);
      await recordAudit(sql, { action: 'recovery_codes_replaced', userId, sessionId, origin });
      await notifyOwner(sql, userId, 'The recovery codes of your account were replaced.');
    });
    noteSecurity('second_factor_changed', { userId, sessionId });
    return { recovery_codes: codes.map(shownRecoveryCode) };
  },
);

const remove = route(
  auth.removeSecondFactor,
  {},
  async ({ user: { userId, sessionId }, context, noteSecurity, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    await context.database.transaction(async (sql) => {
      await requireStepUp(sql, sessionId);
      if ((await removeSecondFactors(sql, userId)) === 0) throw noFactor();
      await recordAudit(sql, { action: 'second_factor_removed', userId, sessionId, origin });
      await notifyOwner(sql, userId, 'The authenticator app of your account was removed.');
    });
    noteSecurity('second_factor_changed', { userId, sessionId });
    return { removed: true as const };
  },
);

export const secondFactorRoutes = {
  finishLogin,
  getSecondFactors: get,
  enrolTotp: enrol,
  confirmTotp: confirm,
  replaceRecoveryCodes: replaceCodes,
  removeSecondFactor: remove,
};

function storeRecoveryCodes(sql: Sql, userId: string, codes: readonly string[]): Promise<void> {
  const hashes = codes.map((code) => recoveryCodeHash(userId, code));
  return replaceRecoveryCodeHashes(sql, userId, hashes);
}

function alreadyEnabled(): ApiError {
  return new ApiError('CONFLICT', 'Your account has an authenticator app; remove it first.');
}

function changedMeanwhile(): ApiError {
  return new ApiError(
    'CONFLICT',
    'The enrolment was confirmed, replaced or has expired meanwhile.',
  );
}

function noEnrolment(): ApiError {
  return new ApiError(
    'NOT_FOUND',
    'There is no enrolment to confirm; POST /v1/users/me/second-factor/totp first.',
  );
}

function noFactor(): ApiError {
  return new ApiError('NOT_FOUND', 'Your account has no authenticator app.');
}

function wrongCode(): ApiError {
  return new ApiError(
    'VALIDATION_ERROR',
    'The code is wrong; check the clock of your device, and send its current code.',
    { details: [{ field: 'body.code', message: 'expected the current code of the app' }] },
  );
}
