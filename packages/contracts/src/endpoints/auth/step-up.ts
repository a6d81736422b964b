import { endpoint } from '../../endpoint.ts';
import { SteppedUp, StepUp } from '../../step-up.ts';

export const stepUp = endpoint({
  route: 'POST /v1/auth/step-up',
  id: 'stepUp',
  action: 'step-up',
  tag: 'Sign-in',
  summary: 'Prove again who you are, before a sensitive change',
  description:
    'For 5 minutes after it, and after sign-in, the session may make changes that are otherwise refused with STEP_UP_REQUIRED. An account with a second factor needs a code. Failures count for the lockout of the account.',
  auth: 'bearer',
  body: StepUp,
  reply: SteppedUp,
  errors: ['UNAUTHORIZED', 'NOT_FOUND', 'ACCOUNT_LOCKED'],
  limit: { bucket: 'step-up', perMinute: 10, countedBy: 'user' },
});
