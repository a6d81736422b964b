import { randomUUID } from 'node:crypto';
import {
  RecoveryCodesCreated,
  SecondFactorRequired,
  Tokens,
  TotpEnrolment,
} from '@secureconnect/contracts';
import type { Reply } from '@secureconnect/testkit';
import { registerSomeone, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import { totpCode } from './totp-code.ts';

export const factorPath = '/v1/users/me/second-factor';

type Caller = Pick<TestAuth, 'call'>;

/** Somebody with a session and, after `addFactor`, a second factor. */
export interface FactorUser {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly sessionId: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

export async function registerPerson(auth: Caller): Promise<FactorUser> {
  const { email, password, ...tokens } = await registerSomeone(auth);
  const sessionId = tokens.refresh_token.split('.')[0] ?? randomUUID();
  const { user_id: userId } = tokens.user;
  const none = { secret: '', recoveryCodes: [] };
  return { userId, email, password, token: tokens.access_token, sessionId, ...none };
}

export async function enrol(auth: Caller, token: string): Promise<TotpEnrolment> {
  return TotpEnrolment.parse((await auth.call('POST', `${factorPath}/totp`, { token })).body.data);
}

export const confirm = (auth: Caller, token: string, code: string): Promise<Reply> =>
  auth.call('POST', `${factorPath}/totp/confirm`, { token, body: { code } });

/** Registers somebody with a second factor, whose current code counts as unused. */
export async function registerWithFactor(auth: TestAuth): Promise<FactorUser> {
  const person = await registerPerson(auth);
  const { secret } = await enrol(auth, person.token);
  const reply = await confirm(auth, person.token, totpCode(secret));
  await forgetUsedStep(auth, person.userId);
  const { recovery_codes: recoveryCodes } = RecoveryCodesCreated.parse(reply.body.data);
  return { ...person, secret, recoveryCodes };
}

export const logIn = (
  auth: Caller,
  { email, password }: Pick<FactorUser, 'email' | 'password'>,
): Promise<Reply> => auth.call('POST', '/v1/auth/login', { body: { email, password } });

/** The challenge that a login with the right password gets. */
export async function challengeOf(
  auth: Caller,
  user: Pick<FactorUser, 'email' | 'password'>,
): Promise<string> {
  return SecondFactorRequired.parse((await logIn(auth, user)).body.data).challenge;
}

/** Sends a code of the second factor, or a recovery code. */
export const finish = (
  auth: Caller,
  challenge: string,
  code: { readonly code?: string; readonly recovery_code?: string | undefined },
): Promise<Reply> =>
  auth.call('POST', '/v1/auth/login/second-factor', { body: { challenge, ...code } });

/** Number of sessions that were started, the registration's included. */
export async function sessionsOf(auth: TestAuth, userId: string): Promise<number> {
  const rows = await rowsOf(auth, 'SELECT 1 FROM auth.sessions WHERE user_id = $1', [userId]);
  return rows.length;
}

/** Lets a user forget the last used step, as if time had passed. */
export async function forgetUsedStep(auth: TestAuth, userId: string): Promise<void> {
  const statement = 'UPDATE auth.totp_factors SET last_used_step = NULL WHERE user_id = $1';
  await rowsOf(auth, statement, [userId]);
}

export const tokenOf = (reply: Reply): string => Tokens.parse(reply.body.data).access_token;
