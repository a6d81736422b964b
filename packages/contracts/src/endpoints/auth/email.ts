import {
  EmailVerification,
  EmailVerificationRequest,
  EmailVerificationRequested,
  EmailVerified,
} from '../../email.ts';
import { endpoint } from '../../endpoint.ts';

export const verifyEmail = endpoint({
  route: 'POST /v1/auth/email/verify',
  id: 'verifyEmail',
  action: 'email/verify',
  tag: 'Sign-in',
  summary: 'Verify an e-mail address by the token or the code that was mailed to it',
  description:
    'Send the token alone, or the code together with its address. Both are valid once and for a day; after five tries a code is refused, and a new mail is needed.',
  auth: 'none',
  body: EmailVerification,
  reply: EmailVerified,
  errors: [],
  limit: { bucket: 'email-verify', perMinute: 10, countedBy: 'address' },
});

export const resendEmailVerification = endpoint({
  route: 'POST /v1/auth/email/resend',
  id: 'resendEmailVerification',
  action: 'email/resend',
  tag: 'Sign-in',
  summary: 'Mail a new token and code; the reply is the same for unknown and verified addresses',
  description:
    'The reply does not wait for the mail. Earlier tokens and codes stay valid for their day.',
  auth: 'none',
  body: EmailVerificationRequest,
  reply: EmailVerificationRequested,
  errors: [],
  limit: { bucket: 'email-resend', perMinute: 3, countedBy: 'address' },
});
