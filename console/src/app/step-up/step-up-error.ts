import { RefusedError } from '@secureconnect/client';

/** Whether the server asks to prove again who is signed in. */
export function asksForStepUp(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 'STEP_UP_REQUIRED';
}
