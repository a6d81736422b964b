export {
  type DeadLetter,
  listDeadLetters,
  retryDeadLetters,
} from './dead-letters.ts';
export {
  DeliveryFailed,
  DeliveryPostponed,
  DeliveryRefused,
  type Effect,
  type EffectHandler,
  type EffectKind,
  effectHandler,
  type RetryPolicy,
} from './effect.ts';
export { hastenEffects } from './hasten-effects.ts';
export { countUnfinished, listUnfinished, type UnfinishedEffect } from './outbox-report.ts';
export { type OutboxOptions, startOutbox } from './start-outbox.ts';
export { type NewEffect, writeEffect } from './write-effect.ts';
