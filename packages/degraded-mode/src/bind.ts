/**
 * For adapters to other frameworks, and for jobs and sockets: rows are bound to their ports, and each
 * request begins one.
 */
export { beside } from './beside.ts';
export { type BoundUse, RowBinding, type RowMode } from './binding.ts';
export { FallbacksUsed } from './fallbacks-used.ts';
export { type DegradedBody, DegradedRefusal } from './refusal.ts';
export type { RoutePolicy } from './route-policy.ts';
export { type DeclaredRow, type JsonRow, Rows, type TableOptions } from './rows.ts';
