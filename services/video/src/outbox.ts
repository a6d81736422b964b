import { type EffectHandler, type OutboxOptions, startOutbox } from '@secureconnect/outbox';

/** The schema of video's tables, its outbox included. */
export const outboxSchema = 'video';

/** A push of a process that died is sent by a different one while the call still rings. */
const leaseSeconds = 10;
const pollMs = 500;

/** Delivers all effects of video. Returns a function that stops this. */
export function startVideoOutbox(
  options: Pick<OutboxOptions, 'database' | 'log' | 'metrics'> & {
    readonly handlers: readonly EffectHandler[];
  },
): () => Promise<void> {
  return startOutbox({ ...options, schema: outboxSchema, leaseSeconds, pollMs });
}
