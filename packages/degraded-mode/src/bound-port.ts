import type { DegradedMode } from './degraded-mode.ts';
import type { Fallback } from './fallback.ts';
import type { FallbacksUsed } from './fallbacks-used.ts';
import { methodNames, methodOf } from './methods.ts';
import { isSignOfLife, type Port, primaryOf } from './port.ts';
import { DegradedRefusal } from './refusal.ts';
import type { RoutePolicy } from './route-policy.ts';

/** The `Retry-After` of ports that fail closed because of `fallbackEnabled: false`. */
export const strictRetryAfterSeconds = 5;

/** The refusal of a port, counted. */
export function refuse(
  policy: RoutePolicy,
  port: string,
  fallback: Fallback,
  mode: DegradedMode,
): DegradedRefusal {
  mode.recordFallback({ route: policy.route, port, fallback: fallback.kind });
  const retryAfterSeconds =
    fallback.kind === 'failClosed' ? fallback.retryAfterSeconds : strictRetryAfterSeconds;
  const { operation } = policy;
  const { dependency, refusalMessage } = mode;
  const refused = { operation, port, retryAfterSeconds, dependency };
  return new DegradedRefusal({ ...refused, ...(refusalMessage && { message: refusalMessage }) });
}

/** Whether a port would answer by a snapshot that is older than its bound. */
export function isOutdated(port: Port, fallback: Fallback): boolean {
  if (fallback.kind !== 'snapshot' || port.snapshot === undefined) return false;
  return port.snapshot.stalenessSeconds() > fallback.maxStalenessSeconds;
}

/** The implementation that stands in for the dependency; throws the refusal if there is none. */
function fallbackOf(
  policy: RoutePolicy,
  name: string,
  port: Port,
  fallback: Fallback,
  mode: DegradedMode,
  fallbacksUsed: FallbacksUsed,
): object {
  if (fallback.kind === 'failClosed' || isOutdated(port, fallback)) {
    throw refuse(policy, name, fallback, mode);
  }
  const implementation = port[fallback.kind];
  if (implementation === undefined)
    throw new Error(`the port ${name} has no ${fallback.kind} fallback`);
  fallbacksUsed.record(name, fallback.kind, mode.dependency);
  mode.recordFallback({ route: policy.route, port: name, fallback: fallback.kind });
  return implementation;
}

/**
 * Creates the class of a row's port, with the methods of the port. Written without async functions:
 * each of them would leave some hundred bytes to the garbage collector, for every call.
 */
export function boundPortClass(
  policy: RoutePolicy,
  name: string,
  port: Port,
  fallback: Fallback,
  mode: DegradedMode,
): new (
  fallbacksUsed: FallbacksUsed,
) => object {
  class Bound {
    readonly #fallbacksUsed: FallbacksUsed;
    constructor(fallbacksUsed: FallbacksUsed) {
      this.#fallbacksUsed = fallbacksUsed;
    }
    /** Throws the refusal if nothing may stand in for the dependency. */
    static answer(bound: Bound, method: string, values: unknown[]): Promise<unknown> {
      const answering = fallbackOf(policy, name, port, fallback, mode, bound.#fallbacksUsed);
      return Promise.resolve(methodOf(answering, method).apply(answering, values));
    }
  }
  const primary = primaryOf(port);
  const { admission } = mode;
  const tellsOfLife = isSignOfLife(port);
  for (const methodName of methodNames(primary)) {
    const onPrimary = methodOf(primary, methodName);
    const succeeded = (result: unknown): unknown => {
      admission?.leave();
      if (tellsOfLife) mode.availability.recordSuccess();
      return result;
    };
    /** The flag was stale: if the error is one of the dependency, this call gets the fallback. */
    const failed = (bound: Bound, values: unknown[], error: unknown): Promise<unknown> => {
      admission?.leave();
      if (mode.reportError(error) === undefined) throw error;
      return Bound.answer(bound, methodName, values);
    };
    const askPrimary = (bound: Bound, values: unknown[]): Promise<unknown> => {
      let call: Promise<unknown>;
      try {
        call = Promise.resolve(onPrimary.apply(primary, values));
      } catch (error) {
        return failed(bound, values, error);
      }
      const recovered = (error: unknown): Promise<unknown> => {
        try {
          return failed(bound, values, error);
        } catch (thrown) {
          throw leftAlone(answered, thrown);
        }
      };
      const answered: Promise<unknown> =
        mode.callLimit === undefined
          ? call.then(succeeded, recovered)
          : mode.callLimit.through(call, succeeded, recovered);
      return answered;
    };
    Object.defineProperty(Bound.prototype, methodName, {
      value(this: Bound, ...values: unknown[]): Promise<unknown> {
        try {
          if (mode.canUse(name) && mode.admits()) return askPrimary(this, values);
          return Bound.answer(this, methodName, values);
        } catch (error) {
          const refused = Promise.reject(error);
          leftAlone(refused, error);
          return refused;
        }
      },
    });
  }
  return Bound;
}

/**
 * A handler that does not await its call must not end the process if that is refused; the event
 * `fallback` tells of it. Any other error that nobody handles does. Returns the error.
 */
function leftAlone(call: Promise<unknown>, error: unknown): unknown {
  if (error instanceof DegradedRefusal) call.catch(() => undefined);
  return error;
}
