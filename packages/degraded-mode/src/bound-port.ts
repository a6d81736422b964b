import type { DegradedMode } from './degraded-mode.ts';
import type { Fallback } from './fallback.ts';
import type { FallbacksUsed } from './fallbacks-used.ts';
import { methodNames, methodOf } from './methods.ts';
import type { Port } from './port.ts';
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
  return new DegradedRefusal({ operation: policy.operation, port, retryAfterSeconds });
}

/** Whether a port would answer by a snapshot that is older than its bound. */
export function isOutdated(port: Port, fallback: Fallback): boolean {
  if (fallback.kind !== 'snapshot' || port.snapshot === undefined) return false;
  return port.snapshot.stalenessSeconds() > fallback.maxStalenessSeconds;
}

/** The implementation that answers instead of Redis; throws the refusal if there is none. */
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
  fallbacksUsed.record(name, fallback.kind);
  mode.recordFallback({ route: policy.route, port: name, fallback: fallback.kind });
  return implementation;
}

/** A call of a port, and the promise that its caller has. */
interface Call {
  answer: Promise<unknown> | undefined;
}

/** Creates the class of a row's port, with the methods of the port. */
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
    static async answer(bound: Bound, methodName: string, values: unknown[]): Promise<unknown> {
      const answering = fallbackOf(policy, name, port, fallback, mode, bound.#fallbacksUsed);
      return methodOf(answering, methodName).apply(answering, values);
    }
  }
  for (const methodName of methodNames(port.redis)) {
    const onRedis = methodOf(port.redis, methodName);
    const ask = async (values: unknown[]): Promise<unknown> => {
      const call = onRedis.apply(port.redis, values);
      const result = await (mode.callLimit === undefined ? call : mode.callLimit.around(call));
      mode.availability.recordSuccess();
      return result;
    };
    const answer = async (bound: Bound, values: unknown[], call: Call): Promise<unknown> => {
      if (mode.isAvailable()) {
        try {
          return await ask(values);
        } catch (error) {
          // The flag was stale: if the error is one of Redis, this call already gets the fallback.
          if (mode.reportError(error) === undefined) throw error;
        }
      }
      try {
        return await Bound.answer(bound, methodName, values);
      } catch (error) {
        // A handler that does not await its call must not end the process by it; the event
        // `fallback` tells of it.
        if (error instanceof DegradedRefusal) call.answer?.catch(() => undefined);
        throw error;
      }
    };
    Object.defineProperty(Bound.prototype, methodName, {
      value(this: Bound, ...values: unknown[]): Promise<unknown> {
        const call: Call = { answer: undefined };
        call.answer = answer(this, values, call);
        return call.answer;
      },
    });
  }
  return Bound;
}
