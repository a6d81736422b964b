import { DegradedMode, Monitor } from '@secureconnect/degraded-mode';
import type { UpstreamName } from './names.ts';
import type { Upstream } from './upstream.ts';
import { UpstreamUnreachable, upstreamUnreachable } from './upstream-unreachable.ts';

/** A restart takes a second or two: nobody waits for much longer than that. */
const probeIntervalMs = 250;
const probeLimitMs = 10_000;

/**
 * The mode of a service behind the gateway. It is down from the first request that finds all its
 * instances cut off until one of them answers again.
 */
export function createUpstreamMode<Name extends UpstreamName>(
  service: string,
  name: Name,
  upstream: Upstream,
): DegradedMode<Name> {
  return new DegradedMode({
    service,
    dependency: name,
    classify: (error) =>
      error instanceof UpstreamUnreachable
        ? { severity: upstream.isCutOff ? 'hard' : 'timeout', reason: 'no instance is reachable' }
        : undefined,
    thresholds: {
      // A request does not try all instances: that those two are away says nothing of the others.
      timeoutsToEnter: Number.POSITIVE_INFINITY,
      goodProbesToLeave: 1,
      firstHoldMs: 0,
      maxHoldMs: 0,
    },
    portLimitMs: Number.POSITIVE_INFINITY,
    refusalMessage: upstreamUnreachable(name),
  });
}

/** While the service is down, asks its instances; while it is up, requests tell. */
export function monitorUpstream(mode: DegradedMode, upstream: Upstream): Monitor {
  return new Monitor({
    mode,
    probes: { full: () => upstream.check() },
    reconcilers: [],
    healthCheckIntervalSeconds: 1,
    timing: { probeIntervalMs, probeLimitMs },
  });
}
