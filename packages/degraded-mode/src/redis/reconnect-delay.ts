const firstReconnectDelayMs = 100;
const maxReconnectDelayMs = 250;

/** Grows to a cap well below a second, with jitter so that instances do not return in step. */
export function reconnectDelayMs(attempt: number): number {
  const delayMs = Math.min(maxReconnectDelayMs, firstReconnectDelayMs * attempt);
  return delayMs * (0.5 + Math.random() / 2);
}
