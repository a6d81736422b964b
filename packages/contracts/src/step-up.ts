import { z } from 'zod';
import { Timestamp, text } from './primitives.ts';
import { RecoveryCode, TotpCode } from './second-factor.ts';

/** For how long a session may change sensitive things after sign-in or step-up. */
export const STEP_UP_SECONDS = 300;

/** Body of `POST /v1/auth/step-up`: one proof, a code if the account has a second factor. */
export const StepUp = z
  .object({
    password: text(1, 1024)
      .meta({ examples: ['correct horse battery staple'] })
      .exactOptional(),
    code: TotpCode.exactOptional(),
    recovery_code: RecoveryCode.exactOptional(),
  })
  .superRefine((proofs, context) => {
    if (Object.keys(proofs).length === 1) return;
    const message = 'expected exactly one of password, code and recovery_code';
    context.addIssue({ code: 'custom', path: ['password'], message });
  })
  .meta({ examples: [{ password: 'correct horse battery staple' }] });
export type StepUp = z.infer<typeof StepUp>;

/** Reply of `POST /v1/auth/step-up`. */
export const SteppedUp = z.object({ stepped_up_until: Timestamp }).meta({ id: 'SteppedUp' });
export type SteppedUp = z.infer<typeof SteppedUp>;
