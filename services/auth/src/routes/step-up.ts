import type { StepUp } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, type Logger, unauthorized } from '@secureconnect/service';
import { type AuditOrigin, auditOrigin } from '../audit/record-audit.ts';
import type { AuthContext } from '../context.ts';
import { judgeCode } from '../factors/judge-code.ts';
import { type StepUpProof, stepUpSession } from '../factors/step-up-session.ts';
import type { HashClient } from '../hashing/hash-queue.ts';
import { actOnJudged } from '../judge-password.ts';
import { hasSecondFactor } from '../stores/totp-factors.ts';
import { type Account, findAccount } from '../stores/users.ts';
import { locksOfSignIn, route } from './route.ts';

export const stepUp = route(
  auth.stepUp,
  { failedLogins: locksOfSignIn },
  async ({ user, body, context, noteSecurity, ...client }, { failedLogins }) => {
    const { database, loginAttempts } = context;
    const { userId, sessionId } = user;
    const account = await findAccount(database, userId);
    if (body.password !== undefined && (await hasSecondFactor(database, userId))) {
      throw needsCode();
    }
    const origin = auditOrigin({ ...client, context });
    // A stolen token must not give more guesses than a login does.
    await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
    const proof = await judge(body, account, context, { ...client, origin });
    const { password } = body;
    const until =
      proof &&
      (await actOnJudged(context, { account, password }, client, (judged) =>
        stepUpSession(database, { account: judged, sessionId, origin }, proof),
      ));
    if (until === undefined) {
      await attempt.failed(userId, origin);
      const security = { event: 'step_up_failed', userId, sessionId } as const;
      throw unauthorized(
        body.password === undefined
          ? 'This code is wrong or was used; send a new one.'
          : 'The password is wrong.',
        security,
      );
    }
    await attempt.succeeded();
    if (body.recovery_code !== undefined) noteSecurity('recovery_code_used', { userId, sessionId });
    noteSecurity('stepped_up', { userId, sessionId });
    return { stepped_up_until: until.toISOString() };
  },
);

/** Judges the one proof that was sent; undefined if it is wrong. */
async function judge(
  { password, ...code }: StepUp,
  account: Account,
  context: AuthContext,
  client: HashClient & { readonly origin: AuditOrigin; readonly log: Logger },
): Promise<StepUpProof | undefined> {
  const { user_id: userId } = account.user;
  if (password === undefined) return judgeCode(context, userId, code, client);
  const matches = await context.passwords.matches(password, account.passwordHash, client);
  // A factor that was added meanwhile is asked for instead.
  return matches ? { use: async (sql) => !(await hasSecondFactor(sql, userId)) } : undefined;
}

function needsCode(): ApiError {
  return new ApiError(
    'VALIDATION_ERROR',
    'Your account has a second factor; send a code of it instead of the password.',
    { details: [{ field: 'body.password', message: 'expected code or recovery_code instead' }] },
  );
}
