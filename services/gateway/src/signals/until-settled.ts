import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@secureconnect/service';

const maxAttempts = 10;
const maxPauseMs = 200;

/**
 * Repeats `attempt` while it returns undefined because of a conflict, with growing random pauses.
 * @throws ApiError SERVICE_UNAVAILABLE after ten attempts
 */
export async function untilSettled<Result>(
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    await delay(Math.random() * Math.min(maxPauseMs, 5 * 2 ** attempts));
  }
  const message = 'This remediation request is being changed concurrently; retry.';
  throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 5 });
}
