import { endpoint } from '../../endpoint.ts';
import {
  IdentityUnlinked,
  LinkedIdentities,
  LinkedIdentity,
  OidcFinish,
  OidcProviders,
  OidcSignIn,
  OidcStart,
  OidcStarted,
} from '../../oidc.ts';
import { SignedIn } from '../../second-factor.ts';

/** Each start stores a row and may ask the provider; each finish asks it. */
const limit = { bucket: 'oidc', perMinute: 20, countedBy: 'address' } as const;

export const listOidcProviders = endpoint({
  route: 'GET /v1/auth/oidc/providers',
  id: 'listOidcProviders',
  action: 'oidc providers',
  tag: 'Sign-in',
  summary: 'List the OpenID providers that users can sign in with',
  description:
    '`provider` is the id that POST /v1/auth/oidc/start takes. The list is empty where the operator has set up no provider.',
  auth: 'none',
  reply: OidcProviders,
  errors: [],
});

export const startOidcSignIn = endpoint({
  route: 'POST /v1/auth/oidc/start',
  id: 'startOidcSignIn',
  action: 'oidc sign-in',
  tag: 'Sign-in',
  summary: 'Begin to sign in with an OpenID provider',
  description:
    'Keep browser_secret in this browser and send it to authorization_url. 503 names the provider if it is down.',
  auth: 'none',
  body: OidcStart,
  reply: OidcStarted,
  status: 201,
  errors: ['NOT_FOUND'],
  limit,
});

export const finishOidcSignIn = endpoint({
  route: 'POST /v1/auth/oidc/finish',
  id: 'finishOidcSignIn',
  action: 'oidc sign-in',
  tag: 'Sign-in',
  summary: 'Finish to sign in with an OpenID provider',
  description:
    'Valid once, whatever comes of it. The first sign-in creates an account, or opens the account of the same address if both sides have verified it. An account with a second factor gets a challenge, as with POST /v1/auth/login, unless the operator trusts the provider with it.',
  auth: 'none',
  body: OidcSignIn,
  reply: SignedIn,
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'EMAIL_NOT_VERIFIED', 'CONFLICT'],
  limit,
});

export const listLinkedIdentities = endpoint({
  route: 'GET /v1/users/me/identities',
  id: 'listLinkedIdentities',
  action: 'linked sign-ins',
  tag: 'Account',
  summary: 'List the sign-ins at OpenID providers that open your account',
  description:
    'Each has its provider, and when it was linked and last used. Passwords and passkeys are not part of the list.',
  auth: 'bearer',
  reply: LinkedIdentities,
  errors: [],
});

export const startIdentityLink = endpoint({
  route: 'POST /v1/users/me/identities/start',
  id: 'startIdentityLink',
  action: 'linking a sign-in',
  tag: 'Account',
  summary: 'Begin to link a sign-in at an OpenID provider to your account',
  description: 'Requires a recent step-up. Otherwise as POST /v1/auth/oidc/start.',
  auth: 'bearer',
  body: OidcStart,
  reply: OidcStarted,
  status: 201,
  errors: ['NOT_FOUND', 'STEP_UP_REQUIRED'],
  limit: { bucket: 'identity-link', perMinute: 20, countedBy: 'user' },
});

export const finishIdentityLink = endpoint({
  route: 'POST /v1/users/me/identities/finish',
  id: 'finishIdentityLink',
  action: 'linking a sign-in',
  tag: 'Account',
  summary: 'Finish to link a sign-in at an OpenID provider to your account',
  description: 'Valid once, for the session that began it.',
  auth: 'bearer',
  body: OidcFinish,
  reply: LinkedIdentity,
  status: 201,
  errors: ['UNAUTHORIZED', 'FORBIDDEN', 'CONFLICT'],
  limit: { bucket: 'identity-link', perMinute: 20, countedBy: 'user' },
});

export const unlinkIdentity = endpoint({
  route: 'DELETE /v1/users/me/identities/:identity_id',
  id: 'unlinkIdentity',
  action: 'unlinking a sign-in',
  tag: 'Account',
  summary: 'Remove a linked sign-in; the last way to sign in stays',
  description: 'Requires a recent step-up.',
  auth: 'bearer',
  reply: IdentityUnlinked,
  errors: ['STEP_UP_REQUIRED', 'CONFLICT', 'NOT_FOUND'],
});
