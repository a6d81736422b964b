import type { PushAddress, PushToken } from '@secureconnect/contracts';
import { video } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { hashOf } from '../push/addresses.ts';
import { kindsIn, type PushConfig } from '../push/push-config.ts';
import { isAllowedEndpoint, isPublicKey } from '../push/web/endpoints.ts';
import {
  type PushTokenRow,
  registerToken,
  removeTokenOf,
  tokensOfUser,
} from '../stores/push-tokens.ts';
import { route } from './route.ts';

const register = route(video.registerPushToken, {}, async ({ user, body, context }) => {
  const { database, push, pushAddresses } = context;
  requireSupported(body, push);
  const { userId, sessionId } = user;
  const addressHash = hashOf(body);
  const seal = (tokenId: string): Buffer => pushAddresses.seal(tokenId, body);
  const token = { userId, sessionId, kind: body.kind, addressHash, seal };
  const registered = await database.transaction((sql) => registerToken(sql, token));
  if (registered !== undefined) return tokenReply(registered, sessionId);
  throw new ApiError('CONFLICT', 'Your session has ended, or has none on record; sign in again.');
});

const list = route(video.listPushTokens, {}, async ({ user, context }) => {
  const rows = await tokensOfUser(context.database, user.userId);
  return { tokens: rows.map((row) => tokenReply(row, user.sessionId)) };
});

const remove = route(video.removePushToken, {}, async ({ user, params, context }) => {
  if (await removeTokenOf(context.database, user.userId, params.token_id)) {
    return { removed: true as const };
  }
  throw new ApiError('NOT_FOUND', 'You have no such push token.');
});

const vapidKey = route(video.getVapidKey, {}, async ({ context }) => {
  const { web } = context.push;
  if (web !== undefined) return { public_key: web.publicKey };
  throw new ApiError('NOT_FOUND', 'Web Push is not set up here.');
});

export const pushTokenRoutes = {
  registerPushToken: register,
  listPushTokens: list,
  removePushToken: remove,
  getVapidKey: vapidKey,
};

/** @throws ApiError VALIDATION_ERROR if no push could be sent to this address */
function requireSupported(address: PushAddress, config: PushConfig): void {
  const kinds = kindsIn(config);
  if (!kinds.includes(address.kind)) {
    const message = `is not set up here; expected ${kinds.join(' or ')}`;
    throw wrong(
      'body.kind',
      kinds.length === 0 ? 'is of no use: push is not set up here' : message,
    );
  }
  if (address.kind !== 'web' || config.web === undefined) return;
  if (!isAllowedEndpoint(address.endpoint, config.web.hosts)) {
    throw wrong('body.endpoint', 'expected the URL of a push service that the operator allows');
  }
  if (!isPublicKey(address.keys.p256dh)) {
    throw wrong('body.keys.p256dh', 'expected the public key of the subscription');
  }
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${field} ${message}`, { details: [{ field, message }] });
}

function tokenReply(row: PushTokenRow, sessionId: string): PushToken {
  return {
    token_id: row.token_id,
    kind: row.kind,
    current: row.session_id === sessionId,
    created_at: row.created_at.toISOString(),
    renewed_at: row.renewed_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  };
}
