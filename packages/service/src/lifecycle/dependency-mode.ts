import { DegradedMode, Monitor } from '@secureconnect/degraded-mode';

export interface DependencyModeOptions<Name extends string> {
  readonly service: string;
  /** Its name in replies, metrics and `GET /v1/degraded`: `object_store`. */
  readonly dependency: Name;
  /** Whether an error says that the dependency could not serve the call. */
  readonly isAway: (error: unknown) => boolean;
  /** Why it counts as down, for operators: `object store failed`. */
  readonly reason: string;
  /** Failures that are further apart are no outage. Default: one minute. */
  readonly failureWindowMs?: number;
  /** What refusals say while it is down; as in `DegradedModeOptions`. */
  readonly refusalMessage?: string;
}

/** Calls that must fail in a row before a dependency counts as down. */
const failuresToEnter = 3;
const oneMinuteMs = 60_000;

/** The mode of a dependency beside Redis; its calls have the limits of its own client. */
export function createDependencyMode<const Name extends string>({
  isAway,
  reason,
  failureWindowMs = oneMinuteMs,
  ...named
}: DependencyModeOptions<Name>): DegradedMode<Name> {
  return new DegradedMode({
    ...named,
    classify: (error) => (isAway(error) ? { severity: 'timeout', reason } : undefined),
    thresholds: {
      timeoutsToEnter: failuresToEnter,
      timeoutWindowMs: failureWindowMs,
      goodProbesToLeave: 2,
    },
    portLimitMs: Number.POSITIVE_INFINITY,
  });
}

/**
 * Probes a dependency, every second while it is down; two probes in a row that succeed end that.
 * @param check resolves when the dependency can be used; has a limit below ten seconds of its own
 * @param healthCheckIntervalSeconds between probes while it is up
 */
export function monitorDependency(
  mode: DegradedMode,
  check: () => Promise<void>,
  healthCheckIntervalSeconds = 2,
): Monitor {
  return new Monitor({
    mode,
    probes: { full: check },
    reconcilers: [],
    healthCheckIntervalSeconds,
    timing: { probeIntervalMs: 1000, probeLimitMs: 10_000 },
  });
}

export interface ProbedDependency {
  readonly mode: DegradedMode;
  /** As for `monitorDependency`. */
  readonly check: () => Promise<void>;
  readonly healthCheckIntervalSeconds?: number;
  /** End the probes. */
  readonly resources: AsyncDisposableStack;
}

/** Probes keep the mode informed from now on, even if there are no requests. */
export async function probeDependency({
  mode,
  check,
  healthCheckIntervalSeconds,
  resources,
}: ProbedDependency): Promise<void> {
  const monitor = monitorDependency(mode, check, healthCheckIntervalSeconds);
  resources.defer(() => monitor.stop());
  await monitor.start();
}
