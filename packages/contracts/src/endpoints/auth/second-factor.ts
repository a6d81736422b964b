import { endpoint } from '../../endpoint.ts';
import {
  LoginSecondFactor,
  RecoveryCodesCreated,
  SecondFactorRemoved,
  SecondFactors,
  TotpConfirmation,
  TotpEnrolment,
} from '../../second-factor.ts';
import { Tokens } from '../../tokens.ts';

export const finishLogin = endpoint({
  route: 'POST /v1/auth/login/second-factor',
  id: 'finishLogin',
  action: 'login/second-factor',
  tag: 'Sign-in',
  summary: 'Finish a sign-in with a code of the second factor',
  description:
    'A challenge is good for one sign-in, 5 minutes and 5 wrong codes; a code is good once. Failures count for the lockout of the account.',
  auth: 'none',
  body: LoginSecondFactor,
  reply: Tokens,
  errors: ['UNAUTHORIZED', 'EMAIL_NOT_VERIFIED', 'NOT_FOUND', 'ACCOUNT_LOCKED'],
  limit: { bucket: 'login-second-factor', perMinute: 10, countedBy: 'address' },
});

export const getSecondFactors = endpoint({
  route: 'GET /v1/users/me/second-factor',
  id: 'getSecondFactors',
  action: 'second-factor',
  tag: 'Account',
  summary: 'List the second factors of your account',
  description:
    'Tells whether sign-ins need a code, and how many recovery codes are left; secrets and codes are not shown. GET /v1/users/me/passkeys lists passkeys.',
  auth: 'bearer',
  reply: SecondFactors,
  errors: [],
});

const limit = { bucket: 'factor-change', perMinute: 10, countedBy: 'user' } as const;

export const enrolTotp = endpoint({
  route: 'POST /v1/users/me/second-factor/totp',
  id: 'enrolTotp',
  action: 'second-factor/totp',
  tag: 'Account',
  summary: 'Begin to add an authenticator app as second factor',
  description:
    'Replaces an enrolment that is not confirmed. The factor counts once it is confirmed, within 10 minutes.',
  auth: 'bearer',
  reply: TotpEnrolment,
  status: 201,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
  limit,
});

export const confirmTotp = endpoint({
  route: 'POST /v1/users/me/second-factor/totp/confirm',
  id: 'confirmTotp',
  action: 'second-factor/totp/confirm',
  tag: 'Account',
  summary: 'Confirm the authenticator app by a code; gives ten recovery codes',
  description: 'The recovery codes are shown only in this reply.',
  auth: 'bearer',
  body: TotpConfirmation,
  reply: RecoveryCodesCreated,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
  limit,
});

export const replaceRecoveryCodes = endpoint({
  route: 'POST /v1/users/me/second-factor/recovery-codes',
  id: 'replaceRecoveryCodes',
  action: 'second-factor/recovery-codes',
  tag: 'Account',
  summary: 'Get ten new recovery codes; the old ones end',
  description: 'The recovery codes are shown only in this reply.',
  auth: 'bearer',
  reply: RecoveryCodesCreated,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  limit,
});

export const removeSecondFactor = endpoint({
  route: 'DELETE /v1/users/me/second-factor',
  id: 'removeSecondFactor',
  action: 'removing the second factor',
  tag: 'Account',
  summary: 'Remove the authenticator app and its recovery codes',
  description:
    'Requires a recent step-up. Afterwards the password alone signs in. A mail tells the user.',
  auth: 'bearer',
  reply: SecondFactorRemoved,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  limit,
});
