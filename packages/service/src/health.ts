import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { Runtime } from './service-parts.ts';

/** Longer than this, a dependency does not count as answering. */
const checkTimeoutMs = 1000;

export interface HealthReport {
  readonly ok: boolean;
  readonly body: object;
}

/**
 * Whether this process can serve. Redis is reported and never decides: without it every route
 * still does what its row says.
 */
export async function readiness<C>(runtime: Runtime<C>): Promise<HealthReport> {
  const checks = await Promise.all(
    Object.entries(runtime.readiness).map(async ([name, check]) => {
      const answered = await answersInTime(check);
      if (!answered) runtime.log.warn({ dependency: name }, 'dependency is unavailable');
      return [name, answered ? 'ok' : 'unavailable'] as const;
    }),
  );
  const ok = checks.every(([, state]) => state === 'ok');
  const { mode } = runtime;
  return {
    ok,
    body: {
      status: ok ? 'ready' : 'not_ready',
      service: runtime.name,
      ...Object.fromEntries(checks),
      ...(mode === undefined ? {} : redisHealth(mode)),
    },
  };
}

/** What `/ready` and `/health` say of Redis: whether it can be used, and if not, what it said. */
export function redisHealth({ availability }: DegradedMode): object {
  if (availability.isAvailable()) return { redis: 'ok' };
  const { reason } = availability;
  return { redis: 'degraded', ...(reason === undefined ? {} : { redis_reason: reason }) };
}

/** `/health`: the same as readiness, or what the service puts in its place. */
export async function health<C>(runtime: Runtime<C>): Promise<HealthReport> {
  return (await runtime.health?.()) ?? readiness(runtime);
}

async function answersInTime(check: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), checkTimeoutMs);
  });
  try {
    // Whatever the reason, the dependency did not answer; the caller logs that.
    const answer = (async () => check())().then(
      () => true,
      () => false,
    );
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
