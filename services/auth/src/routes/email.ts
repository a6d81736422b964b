import { timingSafeEqual } from 'node:crypto';
import type { EmailVerification } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import type { AuthContext } from '../context.ts';
import { verificationLimits } from '../email/verification-limits.ts';
import { requestMail } from '../request-mail.ts';
import { hashOf, subjectOf } from '../secrets.ts';
import { countCodeTry, useEmailVerification } from '../stores/email-verifications.ts';
import { forgetMailRequests } from '../stores/mail-requests.ts';
import { route } from './route.ts';

const verify = route(auth.verifyEmail, {}, async ({ body, context, noteSecurity, ...client }) => {
  const origin = auditOrigin({ ...client, context });
  const verified = await context.database.transaction(
    async (sql) => {
      const tokenHash = await tokenHashFor(sql, body, context);
      const used = tokenHash && (await useEmailVerification(sql, tokenHash));
      if (used === undefined) return undefined;
      await forgetMailRequests(sql, 'email_verification', subjectOf(used.email));
      const by = { actor: 'anonymous', userId: used.userId, origin } as const;
      await recordAudit(sql, { action: 'email_verified', ...by });
      return used;
    },
    // The locks of the rows order concurrent codes, and a wrong one is counted all the same.
    { isolation: 'READ COMMITTED' },
  );
  if (verified === undefined) throw notValid(body);
  noteSecurity('email_verified', { userId: verified.userId });
  return { email_verified: true } as const;
});

/** The hash of the given token, or of the token whose code is given. */
async function tokenHashFor(
  sql: Sql,
  { token, email = '', code = '' }: EmailVerification,
  { codeHash }: AuthContext,
): Promise<Buffer | undefined> {
  if (token !== undefined) return hashOf(token);
  const digits = code.replaceAll(/[ -]/g, '');
  const live = await countCodeTry(sql, email, verificationLimits.maxCodeTries);
  return live.find((one) => timingSafeEqual(one.codeHash, codeHash(one.tokenHash, digits)))
    ?.tokenHash;
}

const resend = route(
  auth.resendEmailVerification,
  {},
  // The address is not looked up here, so neither the reply nor its duration reveals its owner.
  async ({ body: { email }, context, noteSecurity }) => {
    const payload = { template: 'email_verification', email } as const;
    await requestMail(context.database, 'email_verification', subjectOf(email), payload);
    noteSecurity('email_verification_requested', { account: email });
    return { accepted: true } as const;
  },
);

function notValid({ token }: EmailVerification): ApiError {
  const what = token === undefined ? 'code' : 'token';
  return new ApiError('VALIDATION_ERROR', `This ${what} is not valid; request a new mail.`, {
    details: [{ field: `body.${what}`, message: `expected an unused ${what}, at most a day old` }],
    security: { event: 'email_verification_refused' },
  });
}

export const emailRoutes = { verifyEmail: verify, resendEmailVerification: resend };
