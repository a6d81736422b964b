import {
  type Chat,
  type Message,
  MessageRefusedError,
  type NewMessage,
  type OutboxEntry,
  RefusedError,
} from '@secureconnect/client';
import { RouteError } from '../errors.ts';
import type { Connection } from '../session/connect.ts';
import { withinTime } from '../terminal/time-is-over.ts';

const route = 'POST /v1/messages';

/** What has become of a message. */
export type Sending =
  | { readonly state: 'sent'; readonly message: Message }
  /** It is in the outbox, and `cause` says why it is not sent yet. */
  | { readonly state: 'waiting'; readonly id: string; readonly cause: unknown };

export interface SendOptions {
  readonly chat: Chat;
  readonly request: Connection['request'];
  /** How long to wait for the server, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a message through the outbox, where it stays if it cannot be sent in time.
 * @throws RouteError where the server refuses it for good; it is not in the outbox then
 */
export async function sendByOutbox(
  message: NewMessage & { readonly client_message_id: string },
  { chat, request, signal, waitMs }: SendOptions,
): Promise<Sending> {
  const id = message.client_message_id;
  const sent = chat.send(message).catch(async (error: unknown) => {
    if (!(error instanceof MessageRefusedError)) throw error;
    await chat.outbox.remove(id);
    throw new RouteError(route, refusalOf(error));
  });
  const result = await withinTime(sent, waitMs, signal);
  if (result !== undefined) return { state: 'sent', message: result };
  // What is settled from here on is told by the requests below.
  sent.catch(() => undefined);
  if (signal.aborted) return { state: 'waiting', id, cause: signal.reason };
  const means = { chat, request, signal };
  const before = await sendEarlierOnes(message, means);
  if (before?.state === 'waiting') return { ...before, id };
  const sending = await sendNow({ id, message }, means);
  if (sending.state === 'sent' || !isForGood(sending.cause)) return sending;
  await chat.outbox.remove(id);
  throw sending.cause;
}

/**
 * Sends the messages of the same conversation that wait for longer.
 * @returns of the first one that is not sent; of the last one, if all are
 */
async function sendEarlierOnes(
  { client_message_id: id, conversation_id: conversationId }: NewMessage,
  means: Omit<SendOptions, 'waitMs'>,
): Promise<Sending | undefined> {
  let sending: Sending | undefined;
  for (const entry of await means.chat.outbox.entries()) {
    const isElsewhere = entry.message.conversation_id !== conversationId;
    if (entry.id === id || isElsewhere || entry.refusal !== undefined) continue;
    sending = await sendNow(entry, means);
    if (sending.state === 'waiting') break;
  }
  return sending;
}

/**
 * Sends a message of the outbox by one request, as the outbox does not say why it waits. The server
 * stores a message once, however often it comes.
 */
export async function sendNow(
  { id, message }: Pick<OutboxEntry, 'id' | 'message'>,
  { chat, request, signal }: Omit<SendOptions, 'waitMs'>,
): Promise<Sending> {
  try {
    const options = { signal, retryForMs: 0, timeoutMs: 5000 };
    const stored = await request(route, { body: message }, options);
    await chat.outbox.remove(id);
    return { state: 'sent', message: stored };
  } catch (cause) {
    return { state: 'waiting', id, cause };
  }
}

/** Whether a later attempt would be refused as well. */
function isForGood(error: unknown): boolean {
  const cause = error instanceof RouteError ? error.cause : error;
  if (!(cause instanceof RefusedError)) return false;
  return !cause.isUndone && cause.status < 500 && cause.status !== 401;
}

/** The outbox keeps the code and the sentence of a refusal alone. */
function refusalOf({ code, message }: MessageRefusedError): RefusedError {
  const unknown = { requestId: undefined, retryAfterSeconds: undefined };
  return new RefusedError({ status: 0, code, message, details: [], ...unknown });
}
