import { PASSKEY_CHALLENGE_SECONDS } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { auditOrigin } from '../audit/record-audit.ts';
import { stepUpSession } from '../factors/step-up-session.ts';
import { actOnJudged } from '../judge-password.ts';
import {
  type AssertionUse,
  judgeAssertion,
  refusalOf,
  useAssertion,
} from '../passkeys/assertions.ts';
import { partyOf, sessionChallenge, sessionKey } from '../passkeys/challenges.ts';
import { requestOptions } from '../passkeys/webauthn.ts';
import { listCredentials } from '../stores/passkeys.ts';
import { findAccount } from '../stores/users.ts';
import { locksOfSignIn, route } from './route.ts';

const start = route(auth.startPasskeyStepUp, {}, async ({ user, context }) => {
  const { database, passkeys } = context;
  const party = partyOf(passkeys);
  const credentials = await listCredentials(database, user.userId);
  if (credentials.length === 0) throw noPasskeys();
  const challenge = await sessionChallenge(database, 'step up', user.sessionId);
  return {
    public_key: requestOptions(party, challenge, credentials),
    expires_in: PASSKEY_CHALLENGE_SECONDS,
  };
});

const finish = route(
  auth.finishPasskeyStepUp,
  { failedLogins: locksOfSignIn },
  async ({ user, body, context, noteSecurity, ...client }, { failedLogins }) => {
    const { database, passkeys, loginAttempts } = context;
    const { userId, sessionId } = user;
    const origin = auditOrigin({ ...client, context });
    const deps = { database, party: partyOf(passkeys), log: client.log };
    const judged = await judgeAssertion(deps, body.credential, userId);
    const account = await findAccount(database, userId);
    await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
    let use: AssertionUse | undefined;
    const key = sessionKey('step up', sessionId, judged.challenge);
    const proof = {
      kind: 'passkey' as const,
      use: async (sql: Sql): Promise<boolean> => {
        use = await useAssertion(sql, judged, key);
        return use === 'used';
      },
    };
    const until = await actOnJudged(context, { account, password: undefined }, client, (current) =>
      stepUpSession(database, { account: current, sessionId, origin }, proof),
    );
    if (until === undefined) {
      if (use === 'counter did not grow') await attempt.failed(userId, origin);
      throw refusalOf(use, userId);
    }
    await attempt.succeeded();
    noteSecurity('stepped_up', { userId, sessionId });
    return { stepped_up_until: until.toISOString() };
  },
);

export const passkeyStepUpRoutes = { startPasskeyStepUp: start, finishPasskeyStepUp: finish };

function noPasskeys(): ApiError {
  return new ApiError('CONFLICT', 'You have no passkey; prove in a different way who you are.');
}
