import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import type { Connection } from '@secureconnect/realtime';
import { declarersFor } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import type { ChatPorts } from '../ports.ts';
import type { MessageKey } from '../stores/message-store.ts';

/** What a token is judged by without Redis may be so old, for requests and for sockets. */
export const revocationsBound = { maxStalenessSeconds: 60 } as const;

/** Declares chat's routes, its socket and the frames on that. */
export const { route, socket, frame } = declarersFor<ChatPorts, ChatContext, never, Connection>({
  bearer: { revocations: failOpen.snapshot(revocationsBound) },
});

/** What is stored reaches the sockets of this instance; those of others read it from the store. */
export const fanOutHere = { fanOut: failOpen.local() } as const;

/** Only people who are named by e-mail address or user name are looked up. */
export const directoryForNames = {
  directory: failClosed({ retryAfterSeconds: 5, whenUsed: true }),
} as const;

/** What `keyOf` reads. */
export interface MessageRequest {
  readonly params: { readonly message_id: string };
  readonly query: { readonly conversation_id: string };
}

/** Which message a request is about. */
export function keyOf({ params, query }: MessageRequest): MessageKey {
  return { conversationId: query.conversation_id, messageId: params.message_id };
}
