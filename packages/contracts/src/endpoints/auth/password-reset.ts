import { endpoint } from '../../endpoint.ts';
import {
  PasswordResetConfirmation,
  PasswordResetConfirmed,
  PasswordResetRequest,
  PasswordResetRequested,
} from '../../passwords.ts';

export const requestPasswordReset = endpoint({
  route: 'POST /v1/auth/password-reset/request',
  id: 'requestPasswordReset',
  action: 'password-reset/request',
  tag: 'Sign-in',
  summary: 'Mail a reset token; the reply is the same for unknown addresses',
  description:
    'The token is mailed only if the address has an account, and the reply does not wait for it. A token is valid once, for an hour.',
  auth: 'none',
  body: PasswordResetRequest,
  reply: PasswordResetRequested,
  errors: [],
  limit: { bucket: 'password-reset-request', perMinute: 3, countedBy: 'address' },
});

export const confirmPasswordReset = endpoint({
  route: 'POST /v1/auth/password-reset/confirm',
  id: 'confirmPasswordReset',
  action: 'password-reset/confirm',
  tag: 'Sign-in',
  summary: 'Set a new password; ends every session of the user',
  description:
    'Takes the token that was mailed. Ends a lockout of the account too, unless it has a second factor, which stays required at the next sign-in.',
  auth: 'none',
  body: PasswordResetConfirmation,
  reply: PasswordResetConfirmed,
  errors: [],
  limit: { bucket: 'password-reset-confirm', perMinute: 5, countedBy: 'address' },
});
