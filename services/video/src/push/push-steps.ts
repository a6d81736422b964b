import type { Database } from '@secureconnect/postgres';
import { isUnread } from '../stores/message-pushes.ts';
import type { PushDestination } from '../stores/push-tokens.ts';
import {
  type DeviceCall,
  forgetRinging,
  mustStopRinging,
  noteRinging,
} from '../stores/rung-devices.ts';
import type { PushPayload } from './push-effect.ts';

/** A device that is away hears of the end of a call until the ringing would have ended. */
const endTtlSeconds = 30;

/** How long a push service keeps a push; undefined if there is nothing to tell the device any more. */
export async function ttlSecondsOf(
  database: Database,
  { data, expires_at }: PushPayload,
  destination: PushDestination,
): Promise<number | undefined> {
  if (data.type === 'message') {
    const { conversation_id: conversationId, message_id: messageId } = data;
    const message = { conversationId, messageId, userId: destination.user_id };
    const left = Math.max(1, Math.floor((Date.parse(expires_at) - Date.now()) / 1000));
    return (await isUnread(database, message)) ? left : undefined;
  }
  const device = deviceCall(data.call_id, destination);
  if (data.type !== 'call_ringing') {
    return (await mustStopRinging(database, device)) ? endTtlSeconds : undefined;
  }
  const seconds = await noteRinging(database, device);
  // Whole seconds; 0 would reach only devices that are awake.
  return seconds === undefined ? undefined : Math.max(1, Math.floor(seconds));
}

/** Notes that a push was sent. */
export async function notePushed(
  database: Database,
  { data }: PushPayload,
  destination: PushDestination,
): Promise<void> {
  if (data.type !== 'call_answered' && data.type !== 'call_ended') return;
  await forgetRinging(database, deviceCall(data.call_id, destination));
}

function deviceCall(callId: string, destination: PushDestination): DeviceCall {
  const { token_id: tokenId, session_id: sessionId, user_id: userId } = destination;
  return { tokenId, sessionId, callId, userId };
}
