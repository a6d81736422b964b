import { setTimeout as delay } from 'node:timers/promises';

const mostAttempts = 10;
const longestPauseMs = 200;

/**
 * Repeats `attempt` while it returns undefined, that is while another was quicker, after growing
 * pauses of a random length. After ten times throws what `giveUp` makes.
 */
export async function untilSettled<Result>(
  attempt: () => Promise<Result | undefined>,
  giveUp: () => Error,
): Promise<Result> {
  for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    await delay(Math.random() * Math.min(longestPauseMs, 5 * 2 ** attempts));
  }
  throw giveUp();
}
