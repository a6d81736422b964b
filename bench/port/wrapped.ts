import { type DegradedMode, definePorts, failOpen } from '@secureconnect/degraded-mode';
import { RowBinding } from '@secureconnect/degraded-mode/bind';
import {
  ConsecutiveBreaker,
  circuitBreaker,
  fallback,
  handleAll,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import CircuitBreaker from 'opossum';
import type { Wrapper } from './names.ts';

/** A request that makes one call. */
export type MakeRequest = (key: string) => Promise<string>;

const limitMs = 150;

/** A call that a dependency answers at once, like a client with its reply in the buffer. */
const bare: MakeRequest = async (key) => key;

/** Each with a time limit, a breaker and a fallback, as its documents say. */
export function wrapped(
  wrapper: Wrapper,
  newMode: (portLimitMs: number) => DegradedMode,
): MakeRequest {
  switch (wrapper) {
    case 'bare call':
      return bare;
    case 'degraded-mode':
      return boundPort(newMode(limitMs));
    case 'degraded-mode, without its limit':
      return boundPort(newMode(Number.POSITIVE_INFINITY));
    case 'a promise with a limit, by hand':
      return withLimitByHand();
    case 'a handler of errors, by hand':
      return (key) => bare(key).then(undefined, useInstead);
    case 'opossum': {
      const breaker = new CircuitBreaker(bare, { timeout: limitMs });
      breaker.fallback((key: string) => key);
      return (key) => breaker.fire(key);
    }
    case 'cockatiel': {
      const policy = wrap(
        fallback(handleAll, 'fallback'),
        circuitBreaker(handleAll, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(3) }),
        timeout(limitMs, TimeoutStrategy.Aggressive),
      );
      return (key) => policy.execute(() => bare(key));
    }
  }
}

/** What stands in for a failed call. */
function useInstead(): string {
  return 'instead';
}

/**
 * The least that a time limit takes, by which the others are judged: a promise that the call settles
 * and that a clock could have settled before, in a set that a clock would look through.
 */
function withLimitByHand(): MakeRequest {
  const waiting = new Set<(error: Error) => void>();
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      bare(key).then(
        (result) => {
          waiting.delete(reject);
          resolve(result);
        },
        () => {
          waiting.delete(reject);
          resolve(useInstead());
        },
      );
    });
}

/** What an adapter does for a request, and one call of its port. */
function boundPort(mode: DegradedMode): MakeRequest {
  const ports = definePorts({ names: { redis: { find: bare }, local: { find: bare } } });
  const whenRedisDown = { names: failOpen.local() };
  const policy = { route: 'GET /names', operation: 'finding', whenRedisDown };
  const binding = new RowBinding<typeof ports, typeof whenRedisDown>(policy, ports, mode);
  return (key) => {
    const { ports: bound } = binding.begin();
    binding.requireOpen();
    return bound.names.find(key);
  };
}
