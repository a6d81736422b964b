import { z } from 'zod';
import { Email, NewPassword, text } from './primitives.ts';

/** Body of `POST /v1/auth/password-reset/request`. */
export const PasswordResetRequest = z.object({ email: Email });
export type PasswordResetRequest = z.infer<typeof PasswordResetRequest>;

/** The reply is the same for registered and unknown addresses. */
export const PasswordResetRequested = z.object({ accepted: z.literal(true) });
export type PasswordResetRequested = z.infer<typeof PasswordResetRequested>;

/** Body of `POST /v1/auth/password-reset/confirm`. */
export const PasswordResetConfirmation = z.object({
  token: text(1, 512).meta({ examples: ['q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAo'] }),
  new_password: NewPassword,
});
export type PasswordResetConfirmation = z.infer<typeof PasswordResetConfirmation>;

export const PasswordResetConfirmed = z.object({ password_changed: z.literal(true) });
export type PasswordResetConfirmed = z.infer<typeof PasswordResetConfirmed>;
