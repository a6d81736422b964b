import {
  EmailChange,
  EmailChanged,
  EmailChangeRequested,
  EmailChangeToken,
  EmailChangeUndone,
  PasswordChange,
  PasswordChanged,
} from '../../credential-changes.ts';
import { endpoint } from '../../endpoint.ts';

export const changePassword = endpoint({
  route: 'POST /v1/users/me/password',
  id: 'changePassword',
  action: 'change password',
  tag: 'Account',
  summary: 'Set a new password; ends the other sessions of the user',
  description:
    'Requires the current password, or a sign-in or step-up within the last five minutes.',
  auth: 'bearer',
  body: PasswordChange,
  reply: PasswordChanged,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND', 'ACCOUNT_LOCKED'],
  limit: { bucket: 'password-change', perMinute: 5, countedBy: 'user' },
});

export const requestEmailChange = endpoint({
  route: 'POST /v1/users/me/email',
  id: 'requestEmailChange',
  action: 'change email',
  tag: 'Account',
  summary: 'Mail a token to a new address, which then confirms it',
  description:
    'Requires a sign-in or step-up within the last five minutes. The reply is the same for addresses that have an account.',
  auth: 'bearer',
  body: EmailChange,
  reply: EmailChangeRequested,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND'],
  limit: { bucket: 'email-change', perMinute: 3, countedBy: 'user' },
});

export const confirmEmailChange = endpoint({
  route: 'POST /v1/auth/email/confirm-change',
  id: 'confirmEmailChange',
  action: 'email/confirm-change',
  tag: 'Account',
  summary: 'Confirm a new e-mail address; the old one is told and can undo it for a week',
  description:
    'Takes the token that was mailed to the new address; no sign-in is needed. Password resets that were mailed to the old address become invalid. Refused with CONFLICT if the new address has an account by now.',
  auth: 'none',
  body: EmailChangeToken,
  reply: EmailChanged,
  errors: ['CONFLICT'],
  limit: { bucket: 'email-verify', perMinute: 10, countedBy: 'address' },
});

export const undoEmailChange = endpoint({
  route: 'POST /v1/auth/email/undo-change',
  id: 'undoEmailChange',
  action: 'email/undo-change',
  tag: 'Account',
  summary: 'Restore the old e-mail address; ends every session and mails a password reset',
  description:
    'Takes the token that was mailed to the old address. Passkeys, linked sign-ins and second factors that were added since the change was requested are removed.',
  auth: 'none',
  body: EmailChangeToken,
  reply: EmailChangeUndone,
  errors: [],
  limit: { bucket: 'email-verify', perMinute: 10, countedBy: 'address' },
});
