import { setTimeout as delay } from 'node:timers/promises';
import type { NewStoredMessage } from '../message-store.ts';
import { MessageStoreUnavailable } from '../message-store-unavailable.ts';
import type { CassandraConnection } from './connection.ts';

/** An attempt older than this has died, or can no longer be acknowledged. */
const attemptLastsMs = 4000;
const waitForAttemptMs = 1500;
const pauseMs = 40;

/** The message id of a `client_message_id`, and the attempt that currently stores it. */
interface Reservation {
  readonly messageId: string;
  readonly attemptId: string;
  readonly attemptedAt: Date;
}

interface ReservationRow {
  '[applied]': boolean;
  message_id: { toString(): string } | undefined;
  attempt_id: { toString(): string } | undefined;
  attempted_at: Date | undefined;
}

/** A message with a `client_message_id`. */
export type ClientMessage = NewStoredMessage & { readonly client_message_id: string };

/**
 * Reserves a `client_message_id` for this attempt and returns the message id to store under, or
 * returns the message of an earlier attempt. Lightweight transactions decide between concurrent
 * attempts. This waits for an attempt in progress, and takes over one that died. Throws
 * SERVICE_UNAVAILABLE if a different attempt takes too long.
 */
export async function reserve<Found>(
  connection: CassandraConnection,
  message: ClientMessage,
  find: (messageId: string) => Promise<Found | undefined>,
): Promise<{ readonly found: Found } | { readonly messageId: string }> {
  const deadline = Date.now() + waitForAttemptMs;
  for (;;) {
    const held = await insertReservation(connection, message);
    if (held.attemptId === message.message_id) return { messageId: held.messageId };
    const found = await find(held.messageId);
    if (found !== undefined) return { found };
    const hasDied = Date.now() - held.attemptedAt.getTime() > attemptLastsMs;
    if (hasDied && (await takeOver(connection, message, held))) {
      // The message did not exist, and only this attempt may store it from now on.
      return { messageId: held.messageId };
    }
    if (Date.now() > deadline) throw new MessageStoreUnavailable('busy');
    await delay(pauseMs);
  }
}

/** Reserves the message's own id, or returns the existing reservation. */
async function insertReservation(
  connection: CassandraConnection,
  message: ClientMessage,
): Promise<Reservation> {
  const own = { messageId: message.message_id, attemptId: message.message_id };
  const attemptedAt = new Date();
  const [row] = await connection.query<ReservationRow>({
    query: `INSERT INTO client_messages (conversation_id, sender_id, client_message_id, message_id,
        attempt_id, attempted_at) VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS`,
    params: [...keyOf(message), own.messageId, own.attemptId, attemptedAt],
  });
  if (row === undefined || row['[applied]']) return { ...own, attemptedAt };
  return {
    messageId: String(row.message_id),
    attemptId: String(row.attempt_id),
    attemptedAt: row.attempted_at ?? attemptedAt,
  };
}

async function takeOver(
  connection: CassandraConnection,
  message: ClientMessage,
  { messageId, attemptId }: Reservation,
): Promise<boolean> {
  const [row] = await connection.query<ReservationRow>({
    query: `UPDATE client_messages SET message_id = ?, attempt_id = ?, attempted_at = ?
      WHERE conversation_id = ? AND sender_id = ? AND client_message_id = ? IF attempt_id = ?`,
    params: [messageId, message.message_id, new Date(), ...keyOf(message), attemptId],
  });
  return row?.['[applied]'] === true;
}

function keyOf(message: ClientMessage): unknown[] {
  return [message.conversation_id, message.sender_id, message.client_message_id];
}
