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
  auth: 'none',
  body: PasswordResetConfirmation,
  reply: PasswordResetConfirmed,
  errors: [],
  limit: { bucket: 'password-reset-confirm', perMinute: 5, countedBy: 'address' },
});
