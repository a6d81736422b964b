import type { IceServer } from '@secureconnect/contracts';
import { type CallRecord, isLive, stateOf } from '../calls/call.ts';
import type { TurnConfig } from './turn-config.ts';
import { turnCredential } from './turn-credentials.ts';

/** Whether a user is in a live call: has started, answered or rejoined it, and not left it. */
export function isInCall(call: CallRecord, userId: string): boolean {
  return isLive(call) && stateOf(call, userId) === 'joined';
}

/**
 * The ICE servers of a user in a call, with a fresh credential of the TURN server. None for users
 * who are not in it.
 */
export function iceServersFor(
  { stunUrls, relay, credentialSeconds }: TurnConfig,
  call: CallRecord,
  userId: string,
): IceServer[] {
  if (!isInCall(call, userId)) return [];
  const servers: IceServer[] = stunUrls.length === 0 ? [] : [{ urls: [...stunUrls] }];
  if (relay === undefined) return servers;
  const expiresAt = new Date(Date.now() + credentialSeconds * 1000);
  const { username, password } = turnCredential(relay.secret, userId, expiresAt);
  return [...servers, { urls: [...relay.urls], username, credential: password }];
}
