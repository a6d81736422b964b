import type { Database } from '@secureconnect/postgres';
import type { Hub, SocketServer, SocketServerOptions } from '@secureconnect/realtime';
import type { BlockedListeners } from './sockets/blocked-listeners.ts';
import type { ChatSockets } from './sockets/chat-sockets.ts';
import type { StoreTail } from './sockets/store-tail.ts';
import type { MessageStore } from './stores/message-store.ts';
import type { TimeUuidGenerator } from './timeuuid.ts';

/** What chat's handlers use beside their ports. */
export interface ChatContext {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly timeUuids: TimeUuidGenerator;
  readonly hub: Hub;
  readonly sockets: SocketServer;
  readonly chatSockets: ChatSockets;
  readonly tail: StoreTail;
  readonly blockedListeners: BlockedListeners;
}

/** What tests and benchmarks replace, and how its sockets are. */
export interface ChatOverrides extends Partial<Omit<ChatContext, 'sockets'>> {
  readonly socketOptions?: Partial<Omit<SocketServerOptions, 'revocations'>>;
}
