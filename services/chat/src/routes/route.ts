import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { RouteContext } from '../context.ts';
import { backedBy, type ChatPorts } from '../ports.ts';
import type { MessageKey } from '../stores/message-store.ts';
import { messagesRetryAfterSeconds } from '../stores/message-store-unavailable.ts';

/** Declares chat's routes, its socket and the socket's frames. */
export const { route, socket, frame } = declarersFor<ChatPorts, RouteContext, never, Connection>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
  backedBy,
});

const retryAfterSeconds = messagesRetryAfterSeconds;

/** For a route whose every request needs messages. */
export const needsMessages = { messages: failClosed({ retryAfterSeconds }) } as const;

/** For a route that first decides by SQL whether it needs messages. */
export const mayNeedMessages = {
  messages: failClosed({ retryAfterSeconds, checkedAt: 'call' }),
} as const;

/** Stored events reach the sockets of this instance; other instances read them from the store. */
export const fanOutHere = { fanOut: failOpen.local() } as const;

/** For a route that reads or changes messages and tells sockets of it. */
export const tellsOfMessages = { ...fanOutHere, ...needsMessages } as const;

/** Only people named by e-mail address or user name need the directory. */
export const directoryForNames = {
  directory: failClosed({ retryAfterSeconds: 5, checkedAt: 'call' }),
} as const;

/** The part of a request that `keyOf` reads. */
export interface MessageRequest {
  readonly params: { readonly message_id: string };
  readonly query: { readonly conversation_id: string };
}

/** The message that a request names. */
export function keyOf({ params, query }: MessageRequest): MessageKey {
  return { conversationId: query.conversation_id, messageId: params.message_id };
}
