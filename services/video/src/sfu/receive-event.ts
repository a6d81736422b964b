import type { IncomingMessage } from 'node:http';
import type { Database } from '@secureconnect/postgres';
import { ApiError, wholeBody } from '@secureconnect/service';
import type { WebhookEvent } from 'livekit-server-sdk';
import { z } from 'zod';
import { writeRoomEffect } from './room-effect.ts';
import type { Sfu, WebhookOutcome } from './sfu.ts';

const maxBytes = 64 * 1024;
const clockToleranceSeconds = 10;
const maxIdLength = 100;

/** Events after which somebody is in a room or is not. All others are received and ignored. */
const relevant = new Set([
  'participant_joined',
  'participant_left',
  'participant_connection_aborted',
  'room_finished',
]);

const Relevant = z.object({
  id: z.string().min(1).max(maxIdLength),
  room: z.object({ name: z.uuid() }),
});

/**
 * Receives an event that LiveKit has signed: its Authorization header has a hash of the body as it
 * was sent. Returns whether the event is known already.
 * @throws ApiError UNAUTHORIZED for any other signature, PAYLOAD_TOO_LARGE, VALIDATION_ERROR for a
 * body that does not arrive whole
 */
export async function receiveEvent(
  { database, sfu }: { readonly database: Database; readonly sfu: Sfu },
  incoming: IncomingMessage,
): Promise<boolean> {
  const event = await readEvent(sfu, incoming);
  const outcome = await noteEvent(database, event);
  sfu.countWebhook(outcome);
  return outcome === 'duplicate';
}

async function readEvent(sfu: Sfu, incoming: IncomingMessage): Promise<WebhookEvent> {
  // Some proxies add the scheme.
  const token = incoming.headers.authorization?.replace(/^Bearer /, '');
  const body = (await wholeBody(incoming, maxBytes)).toString('utf8');
  try {
    return await sfu.webhooks.receive(body, token, false, clockToleranceSeconds);
  } catch {
    sfu.countWebhook('refused');
    // The library's messages may contain the token.
    throw new ApiError('UNAUTHORIZED', 'The event has no valid signature of the LiveKit server.');
  }
}

/**
 * Has the room of an event compared with its call: the event says that something has changed, and
 * LiveKit is asked what. So lost, late and doubled events are harmless.
 */
async function noteEvent(database: Database, event: WebhookEvent): Promise<WebhookOutcome> {
  if (!relevant.has(event.event)) return 'ignored';
  const parsed = Relevant.safeParse({ id: event.id, room: { name: event.room?.name } });
  // Rooms with other names are not of our calls.
  if (!parsed.success) return 'ignored';
  const { id, room } = parsed.data;
  const effect = { callId: room.name, isOver: false };
  return (await writeRoomEffect(database, `event:${id}`, effect)) ? 'received' : 'duplicate';
}
