import { z } from 'zod';
import { Email, text } from './primitives.ts';

/** Digits of a code that verifies an address. */
export const VERIFICATION_CODE_DIGITS = 8;

/** Body of `POST /v1/auth/email/verify`: the token of the link, or the address and its code. */
export const EmailVerification = z
  .object({
    token: text(1, 512)
      .meta({ examples: ['q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAo'] })
      .exactOptional(),
    email: Email.exactOptional(),
    code: text(1, 64)
      .meta({ examples: ['48217365'], description: 'Spaces and hyphens are ignored' })
      .exactOptional(),
  })
  .refine(
    ({ token, email, code }) =>
      token === undefined
        ? email !== undefined && code !== undefined
        : email === undefined && code === undefined,
    { error: 'expected either token, or email and code' },
  )
  .meta({ examples: [{ token: 'q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAo' }] });
export type EmailVerification = z.infer<typeof EmailVerification>;

export const EmailVerified = z.object({ email_verified: z.literal(true) });
export type EmailVerified = z.infer<typeof EmailVerified>;

/** Body of `POST /v1/auth/email/resend`. */
export const EmailVerificationRequest = z.object({ email: Email });
export type EmailVerificationRequest = z.infer<typeof EmailVerificationRequest>;

/** The reply is the same for unknown and for verified addresses. */
export const EmailVerificationRequested = z.object({ accepted: z.literal(true) });
export type EmailVerificationRequested = z.infer<typeof EmailVerificationRequested>;
