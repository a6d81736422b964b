import { setTimeout as wait } from 'node:timers/promises';
import { reconnectDelayMs } from '../redis/reconnect-delay.ts';

interface Attempts {
  connect(): Promise<unknown>;
  /** Called for each attempt that failed, before the next one. */
  onFailure(error: unknown): unknown;
  isClosed(): boolean;
}

/** Connects until it succeeds or is closed: clients of sets and clusters try it once. */
export async function connectUntilItStands(attempts: Attempts): Promise<void> {
  for (let attempt = 1; !attempts.isClosed(); attempt += 1) {
    try {
      await attempts.connect();
      return;
    } catch (error) {
      await attempts.onFailure(error);
      await wait(reconnectDelayMs(attempt), undefined, { ref: false });
    }
  }
}
