import { randomUUID } from 'node:crypto';
import { jwtSecret } from '@secureconnect/tokens/testing';
import type { PushMessage } from '../../src/push/push-sender.ts';

/** What video's configuration needs in any case. */
export const minimalEnvironment = {
  DATABASE_URL: 'postgresql://localhost/secureconnect',
  REDIS_URL: 'redis://localhost',
  JWT_SECRET: jwtSecret,
} as const;

/** A push that a call rings for 25 more seconds. */
export function ringingMessage(): PushMessage {
  const callId = randomUUID();
  return {
    pushId: randomUUID(),
    data: {
      type: 'call_ringing',
      call_id: callId,
      conversation_id: randomUUID(),
      from: randomUUID(),
      call_type: 'audio',
      ring_until: new Date(Date.now() + 25_000).toISOString(),
    },
    collapseKey: callId.replaceAll('-', ''),
    ttlSeconds: 25,
    urgency: 'high',
  };
}
