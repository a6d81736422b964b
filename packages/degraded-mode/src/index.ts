export { Availability, type AvailabilityState } from './availability.ts';
export { RowBinding, type RowMode } from './binding.ts';
export { DegradedMode, type DegradedModeOptions, type FallbackTaken } from './degraded-mode.ts';
export type { Classify, Failure } from './failure.ts';
export {
  type BySetting,
  bySetting,
  type Declared,
  type Fallback,
  failClosed,
  failOpen,
  resolveFallback,
  type SubstituteKind,
} from './fallback.ts';
export { Monitor, type MonitorOptions, type Probes } from './monitor.ts';
export { kebabCase, Outcomes } from './outcomes.ts';
export {
  type Aged,
  type AnyDeclaration,
  type Checked,
  definePorts,
  type Port,
  type PortsOf,
  type PortTable,
} from './port.ts';
export { type DataChange, type Reconciler, type RecoveryEvent, worseChange } from './recovery.ts';
export { type DegradedBody, DegradedRefusal, localLimitBody } from './refusal.ts';
export type { Row } from './row.ts';
export {
  describeFallback,
  type LiveRow,
  type LiveTable,
  liveTable,
  markdownTable,
} from './table.ts';
export { TookTooLong, within } from './within.ts';
