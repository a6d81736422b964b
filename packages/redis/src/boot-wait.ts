import type { AvailabilityState, DegradedMode } from '@secureconnect/degraded-mode';
import { ConfigError } from '@secureconnect/service';

/**
 * Resolves when Redis is available; rejects with a message for the operator after `waitSeconds`.
 * @param explain what an operator can do about a reason; undefined if nothing is known
 */
export async function untilAvailable(
  mode: DegradedMode,
  waitSeconds: number,
  explain: (reason: string) => string | undefined,
): Promise<void> {
  const { availability } = mode;
  if (availability.isAvailable()) return;
  await new Promise<void>((resolve, reject) => {
    const changed = (state: AvailabilityState): void => {
      if (state !== 'available') return;
      stopWaiting();
      resolve();
    };
    const timer = setTimeout(() => {
      stopWaiting();
      reject(new ConfigError(tooLate(waitSeconds, availability.reason, explain)));
    }, waitSeconds * 1000);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      availability.off('changed', changed);
    };
    availability.on('changed', changed);
  });
}

function tooLate(
  waitSeconds: number,
  reason = 'no answer',
  explain: (reason: string) => string | undefined,
): string {
  const remedy =
    explain(reason) ?? 'Start Redis, or correct REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER.';
  return (
    `Redis was not available within ${waitSeconds} s (${reason}) and ENABLE_REDIS_FALLBACK=false ` +
    `forbids starting without it; ENABLE_REDIS_FALLBACK=true permits it. ${remedy}`
  );
}
