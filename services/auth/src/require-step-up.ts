import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { isSteppedUp } from './stores/step-ups.ts';

/**
 * Refuses a sensitive change, in its transaction, unless the user has recently proved who they are:
 * a stolen access token alone must not take over an account.
 * @throws ApiError STEP_UP_REQUIRED
 */
export async function requireStepUp(sql: Sql, sessionId: string): Promise<void> {
  if (await isSteppedUp(sql, sessionId)) return;
  throw new ApiError(
    'STEP_UP_REQUIRED',
    'This needs a sign-in or a step-up in the last 5 minutes; POST /v1/auth/step-up, then retry.',
  );
}
