import { endpoint } from '../../endpoint.ts';
import {
  NewPasskey,
  Passkey,
  PasskeyChange,
  PasskeyCreationStarted,
  PasskeyRemoved,
  PasskeyRequestStarted,
  PasskeySignIn,
  PasskeyStepUp,
  Passkeys,
} from '../../passkeys.ts';
import { SteppedUp } from '../../step-up.ts';
import { Tokens } from '../../tokens.ts';

const signInLimit = { bucket: 'passkey-sign-in', perMinute: 20, countedBy: 'address' } as const;
const changeLimit = { bucket: 'passkey', perMinute: 20, countedBy: 'user' } as const;
const offline = 'NOT_FOUND where the operator has not set up passkeys.';

export const startPasskeySignIn = endpoint({
  route: 'POST /v1/auth/passkeys/start',
  id: 'startPasskeySignIn',
  action: 'passkey sign-in',
  tag: 'Sign-in',
  summary: 'Begin to sign in with a passkey; no user name is needed',
  description: `The options are for navigator.credentials.get(). ${offline}`,
  auth: 'none',
  reply: PasskeyRequestStarted,
  status: 201,
  errors: ['NOT_FOUND'],
  limit: signInLimit,
});

export const finishPasskeySignIn = endpoint({
  route: 'POST /v1/auth/passkeys/finish',
  id: 'finishPasskeySignIn',
  action: 'passkey sign-in',
  tag: 'Sign-in',
  summary: 'Finish to sign in with a passkey',
  description:
    '`credential` is toJSON() of what the browser gave. Valid once. The device has verified its user, so this is possession and knowledge or biometrics at once.',
  auth: 'none',
  body: PasskeySignIn,
  reply: Tokens,
  errors: ['UNAUTHORIZED', 'EMAIL_NOT_VERIFIED', 'ACCOUNT_LOCKED', 'NOT_FOUND'],
  limit: signInLimit,
});

export const startPasskeyStepUp = endpoint({
  route: 'POST /v1/auth/step-up/passkey/start',
  id: 'startPasskeyStepUp',
  action: 'step-up',
  tag: 'Sign-in',
  summary: 'Begin a step-up with one of your passkeys',
  description: `The options are for navigator.credentials.get(). ${offline}`,
  auth: 'bearer',
  reply: PasskeyRequestStarted,
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT'],
  limit: changeLimit,
});

export const finishPasskeyStepUp = endpoint({
  route: 'POST /v1/auth/step-up/passkey/finish',
  id: 'finishPasskeyStepUp',
  action: 'step-up',
  tag: 'Sign-in',
  summary: 'Finish a step-up with a passkey',
  description: 'As POST /v1/auth/step-up. Valid once, for the session that began it.',
  auth: 'bearer',
  body: PasskeyStepUp,
  reply: SteppedUp,
  errors: ['UNAUTHORIZED', 'ACCOUNT_LOCKED', 'NOT_FOUND'],
  limit: changeLimit,
});

export const listPasskeys = endpoint({
  route: 'GET /v1/users/me/passkeys',
  id: 'listPasskeys',
  action: 'listing passkeys',
  tag: 'Account',
  summary: 'List your passkeys, oldest first',
  description:
    'Each has its name, when it was added and last used, and whether it is backed up. Keys are not shown.',
  auth: 'bearer',
  reply: Passkeys,
  errors: [],
});

export const startPasskey = endpoint({
  route: 'POST /v1/users/me/passkeys/start',
  id: 'startPasskey',
  action: 'adding a passkey',
  tag: 'Account',
  summary: 'Begin to add a passkey',
  description: `Requires a recent step-up. The options are for navigator.credentials.create(). ${offline}`,
  auth: 'bearer',
  reply: PasskeyCreationStarted,
  status: 201,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
  limit: changeLimit,
});

export const finishPasskey = endpoint({
  route: 'POST /v1/users/me/passkeys/finish',
  id: 'finishPasskey',
  action: 'adding a passkey',
  tag: 'Account',
  summary: 'Finish to add a passkey',
  description:
    'Requires a recent step-up. credential is toJSON() of what the browser gave. Valid once, for the session that began it. A mail tells the user.',
  auth: 'bearer',
  body: NewPasskey,
  reply: Passkey,
  status: 201,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
  limit: changeLimit,
});

export const renamePasskey = endpoint({
  route: 'PATCH /v1/users/me/passkeys/:passkey_id',
  id: 'renamePasskey',
  action: 'renaming a passkey',
  tag: 'Account',
  summary: 'Rename a passkey (idempotent)',
  description:
    'Changes the name that lists show, and requires no step-up. The passkey and its sessions stay valid.',
  auth: 'bearer',
  body: PasskeyChange,
  reply: Passkey,
  errors: ['NOT_FOUND'],
});

export const removePasskey = endpoint({
  route: 'DELETE /v1/users/me/passkeys/:passkey_id',
  id: 'removePasskey',
  action: 'removing a passkey',
  tag: 'Account',
  summary: 'Remove a passkey; the last way to sign in stays',
  description: 'Requires a recent step-up. Sessions that it opened go on. A mail tells the user.',
  auth: 'bearer',
  reply: PasskeyRemoved,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
});
