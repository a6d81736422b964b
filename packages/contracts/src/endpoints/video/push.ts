import { endpoint } from '../../endpoint.ts';
import {
  MAX_PUSH_TOKENS,
  PUSH_TOKEN_DAYS,
  PushAddress,
  PushToken,
  PushTokenRemoved,
  PushTokens,
  VapidKey,
} from '../../push.ts';

const limit = { bucket: 'push-tokens', perMinute: 20, countedBy: 'user' } as const;

export const registerPushToken = endpoint({
  route: 'POST /v1/push/tokens',
  id: 'registerPushToken',
  action: 'registering a push token',
  tag: 'Push',
  summary: 'Register or renew the push token of this device (idempotent)',
  description: `The token belongs to the session of the request and ends with it, or ${PUSH_TOKEN_DAYS} days after it was registered last. A session has one token of each kind, a user at most ${MAX_PUSH_TOKENS} in all; a further one replaces the one that was renewed the longest ago. Kinds that the operator has not set up are refused with VALIDATION_ERROR.`,
  auth: 'bearer',
  body: PushAddress,
  reply: PushToken,
  status: 201,
  errors: ['CONFLICT'],
  limit,
});

export const listPushTokens = endpoint({
  route: 'GET /v1/push/tokens',
  id: 'listPushTokens',
  action: 'listing push tokens',
  tag: 'Push',
  summary: 'List your push tokens, the last renewed first',
  description:
    '`current` marks the token of this session. The addresses that pushes go to are secret and not shown.',
  auth: 'bearer',
  reply: PushTokens,
  errors: [],
});

export const removePushToken = endpoint({
  route: 'DELETE /v1/push/tokens/:token_id',
  id: 'removePushToken',
  action: 'removing a push token',
  tag: 'Push',
  summary: 'Remove one of your push tokens',
  description: 'Its device receives no push until it registers again. The session stays.',
  auth: 'bearer',
  reply: PushTokenRemoved,
  errors: ['NOT_FOUND'],
  limit,
});

export const getVapidKey = endpoint({
  route: 'GET /v1/push/vapid-key',
  id: 'getVapidKey',
  action: 'the VAPID key',
  tag: 'Push',
  summary: 'Get the public key that browsers subscribe with',
  description: 'NOT_FOUND where the operator has not set up Web Push.',
  auth: 'bearer',
  reply: VapidKey,
  errors: ['NOT_FOUND'],
});
