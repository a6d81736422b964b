import type { AvailabilityState, DegradedMode } from '@secureconnect/degraded-mode';
import { ConfigError } from '@secureconnect/service';

/**
 * Resolves when Redis is available; rejects with a message for the operator after `waitSeconds`.
 */
export async function untilAvailable(mode: DegradedMode, waitSeconds: number): Promise<void> {
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
      reject(new ConfigError(tooLate(waitSeconds, availability.reason)));
    }, waitSeconds * 1000);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      availability.off('changed', changed);
    };
    availability.on('changed', changed);
  });
}

function tooLate(waitSeconds: number, reason = 'no answer'): string {
  return (
    `Redis was not available within ${waitSeconds} s (${reason}) and ENABLE_REDIS_FALLBACK=false ` +
    'forbids starting without it. Start Redis, correct REDIS_URL, REDIS_SENTINELS or ' +
    'REDIS_CLUSTER, or set ENABLE_REDIS_FALLBACK=true.'
  );
}
