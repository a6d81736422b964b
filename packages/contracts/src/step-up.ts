import { z } from 'zod';
import { Timestamp, text } from './primitives.ts';

/** For how long a session may change sensitive things after sign-in or step-up. */
export const STEP_UP_SECONDS = 300;

/** Body of `POST /v1/auth/step-up`. */
export const StepUp = z.object({
  password: text(1, 1024).meta({ examples: ['correct horse battery staple'] }),
});
export type StepUp = z.infer<typeof StepUp>;

/** Reply of `POST /v1/auth/step-up`. */
export const SteppedUp = z.object({ stepped_up_until: Timestamp }).meta({ id: 'SteppedUp' });
export type SteppedUp = z.infer<typeof SteppedUp>;
