import { type DegradedMode, within } from '@secureconnect/degraded-mode';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { sharedAnswer } from './shared-answer.ts';

/** The time limit of a check. */
const checkTimeoutMs = 1000;

export interface HealthReport {
  readonly ok: boolean;
  readonly body: object;
}

/** The result of a check is reused for this long, however often it is requested. */
const maxAgeMs = 1000;

/** Answers `/ready` and `/health` of a service. */
export interface Health {
  /**
   * Whether this process can serve. Redis is reported and never decides: without it every route
   * still does what its row says.
   */
  readiness(): Promise<HealthReport>;
  /** The same, or the service's own report. */
  health(): Promise<HealthReport>;
}

/** The checks of a service; dependencies are asked at most once a second. */
export function createHealth<C>(runtime: Runtime<C>): Health {
  const dependencies = sharedAnswer(maxAgeMs, () => askAll(runtime));
  const readiness = async (): Promise<HealthReport> => {
    const checks = await dependencies();
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
  };
  return { readiness, health: async () => (await runtime.health?.()) ?? readiness() };
}

function askAll<C>({ readiness, outages }: Runtime<C>) {
  return Promise.all(
    Object.entries(readiness).map(async ([name, check]) => {
      try {
        await within((async () => check())(), checkTimeoutMs, `the check of ${name}`);
        outages.get(name)?.worked();
        return [name, 'ok'] as const;
      } catch (error) {
        // Logged once per outage: machines request this many times a minute.
        outages.get(name)?.failed(error);
        return [name, 'unavailable'] as const;
      }
    }),
  );
}

/** What `/ready` and `/health` report of Redis: whether it is usable, and if not, its error. */
export function redisHealth({ availability }: DegradedMode): object {
  if (availability.isAvailable()) return { redis: 'ok' };
  const { reason } = availability;
  return { redis: 'degraded', ...(reason === undefined ? {} : { redis_reason: reason }) };
}
