import { Uuid } from '@secureconnect/contracts';
import type { EffectKind } from '@secureconnect/outbox';

/** The effect of this suite: an HTTP request to a receiver that records its key. */
export const requestKind: EffectKind<string> = {
  name: 'request',
  payload: Uuid,
  // A kill counts as a try, and so does a refusal of the receiver.
  retry: { maxTries: 50, firstPauseSeconds: 0.1, maxPauseSeconds: 1 },
};
