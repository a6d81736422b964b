import { z } from 'zod';
import { Email, NewPassword, text } from './primitives.ts';

/**
 * Body of `POST /v1/users/me/password`. Without `current_password`, the session must have begun
 * within five minutes.
 */
export const PasswordChange = z.object({
  current_password: text(1, 1024)
    .meta({ examples: ['correct horse battery staple'] })
    .exactOptional(),
  new_password: NewPassword,
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const PasswordChanged = z.object({
  password_changed: z.literal(true),
  /** The other sessions of the user, which were ended. */
  sessions_ended: z
    .int()
    .min(0)
    .meta({ examples: [2] }),
});
export type PasswordChanged = z.infer<typeof PasswordChanged>;

/** Body of `POST /v1/users/me/email`. */
export const EmailChange = z.object({ new_email: Email });
export type EmailChange = z.infer<typeof EmailChange>;

/** The reply is the same for addresses that have an account. */
export const EmailChangeRequested = z.object({ accepted: z.literal(true) });
export type EmailChangeRequested = z.infer<typeof EmailChangeRequested>;

/** Body of `POST /v1/auth/email/confirm-change` and `/undo-change`. */
export const EmailChangeToken = z.object({
  token: text(1, 512).meta({ examples: ['q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAo'] }),
});
export type EmailChangeToken = z.infer<typeof EmailChangeToken>;

export const EmailChanged = z.object({ email_changed: z.literal(true) });
export type EmailChanged = z.infer<typeof EmailChanged>;

export const EmailChangeUndone = z.object({ email_restored: z.literal(true) });
export type EmailChangeUndone = z.infer<typeof EmailChangeUndone>;
