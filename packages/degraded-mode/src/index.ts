export { Admission, type Shed } from './admission.ts';
export {
  Availability,
  type AvailabilityState,
  type AvailabilityThresholds,
} from './availability.ts';
export { RowBinding, type RowMode } from './binding.ts';
export type { BreakerState } from './breaker-state.ts';
export { PortCallTookTooLong } from './call-limit.ts';
export { DegradedMode, type DegradedModeOptions, type FallbackUsed } from './degraded-mode.ts';
export { nameInProse, redisName } from './dependency-name.ts';
export type { Classify, Failure } from './failure.ts';
export {
  type BySetting,
  bySetting,
  byValue,
  choicesOf,
  type Declared,
  defaultFallback,
  type FailOpenKind,
  type Fallback,
  failClosed,
  failOpen,
  resolveFallback,
  type Settings,
} from './fallback.ts';
export { FallbacksUsed, kebabCase } from './fallbacks-used.ts';
export { Monitor, type MonitorOptions, type Probes } from './monitor.ts';
export type { MonitorTiming } from './monitor-timing.ts';
export {
  type Aged,
  type AnyDeclaration,
  type BackedPort,
  type Checked,
  type CheckedForRedis,
  definePorts,
  type Port,
  type PortsOf,
  type PortTable,
  type RedisPort,
} from './port.ts';
export { PortDrills } from './port-drills.ts';
export { type DataChange, type Reconciler, type RecoveryEvent, worseChange } from './recovery.ts';
export { type DegradedBody, DegradedRefusal, localLimitBody } from './refusal.ts';
export { declaredFallbacks, type RoutePolicy } from './route-policy.ts';
export {
  describeFallback,
  describePort,
  type LiveDependency,
  type LiveRow,
  type LiveTable,
  liveTable,
  markdownTable,
  modesOf,
} from './table.ts';
export { TookTooLong, within } from './within.ts';
