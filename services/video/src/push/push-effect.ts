import { type PushKind, Timestamp, Uuid } from '@secureconnect/contracts';
import type { EffectKind } from '@secureconnect/outbox';
import { z } from 'zod';
import { PushContent } from './push-content.ts';

/** What the outbox keeps of a push: no address, which is a secret and may change until it is sent. */
export const PushPayload = z.object({
  token_id: Uuid,
  user_id: Uuid,
  data: PushContent,
  /** Nothing is sent from then on, also if Redis was down until then. */
  expires_at: Timestamp,
});
export type PushPayload = z.infer<typeof PushPayload>;

/** A call rings for 30 s: retries come soon, and end with the ringing. */
const callRetry = { maxTries: 30, firstPauseSeconds: 1, maxPauseSeconds: 4 };
/** Longer than a message is pushed. */
const messageRetry = { maxTries: 40, firstPauseSeconds: 5, maxPauseSeconds: 600 };

/** One kind for each push service, so that one which hangs delays no others, nor messages calls. */
export function callPushKind(kind: PushKind): EffectKind<PushPayload> {
  return { name: `call_push_${kind}`, payload: PushPayload, retry: callRetry };
}

export function messagePushKind(kind: PushKind): EffectKind<PushPayload> {
  return { name: `message_push_${kind}`, payload: PushPayload, retry: messageRetry };
}
