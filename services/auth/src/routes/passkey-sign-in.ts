import { PASSKEY_CHALLENGE_SECONDS } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { actOnJudged } from '../judge-password.ts';
import {
  type AssertionUse,
  judgeAssertion,
  refusalOf,
  useAssertion,
} from '../passkeys/assertions.ts';
import { partyOf, signInChallenge, signInKey } from '../passkeys/challenges.ts';
import { requestOptions } from '../passkeys/webauthn.ts';
import { sessionClient } from '../session-client.ts';
import { findAccount } from '../stores/users.ts';
import { locksOfSignIn, newSessionsBySetting, route } from './route.ts';

const start = route(auth.startPasskeySignIn, {}, async ({ context, clientAddress }) => {
  context.signInGate.admit(clientAddress);
  const { database, passkeys } = context;
  const party = partyOf(passkeys);
  const challenge = await signInChallenge(database, passkeys.ownerOfAddress(clientAddress));
  return {
    public_key: requestOptions(party, challenge, []),
    expires_in: PASSKEY_CHALLENGE_SECONDS,
  };
});

const finish = route(
  auth.finishPasskeySignIn,
  { newSessions: newSessionsBySetting, failedLogins: locksOfSignIn },
  async ({ body, context, noteSecurity, ...client }, { newSessions, failedLogins }) => {
    context.signInGate.admit(client.clientAddress);
    const { database, passkeys, loginAttempts } = context;
    const origin = sessionClient({ ...client, context }, body.device_name);
    const deps = { database, party: partyOf(passkeys), log: client.log };
    const judged = await judgeAssertion(deps, body.credential);
    const { userId } = judged.key;
    const account = await findAccount(database, userId);
    // A lock of the account holds for every proof of who somebody is.
    await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
    let use: AssertionUse | undefined;
    const isStillGood = async (sql: Sql): Promise<boolean> => {
      use = await useAssertion(sql, judged, signInKey(judged.challenge));
      return use === 'used';
    };
    // The device has verified its user, so this is the second factor too.
    const proof = { isStillGood, secondFactor: 'passkey' } as const;
    const started = await actOnJudged(
      context,
      { account, password: undefined },
      client,
      (current) => newSessions.start({ ...current, ...proof }, origin),
    );
    if (started === undefined) {
      if (use === 'counter did not grow') await attempt.failed(userId, origin);
      throw refusalOf(use, userId);
    }
    await attempt.succeeded();
    noteSecurity('session_started', { userId, sessionId: started.sessionId });
    return { user: started.user, ...started.tokens };
  },
);

export const passkeySignInRoutes = { startPasskeySignIn: start, finishPasskeySignIn: finish };
