import type { Database } from '@secureconnect/postgres';
import type { Hub, SocketServer, SocketServerOptions } from '@secureconnect/realtime';
import type { BlockedListeners } from './sockets/blocked-listeners.ts';
import type { UserCallNotices } from './sockets/call-notices.ts';
import type { ChatSockets } from './sockets/chat-sockets.ts';
import type { StoreTail } from './sockets/store-tail.ts';
import type { MessageStore } from './stores/message-store.ts';
import type { TimeUuidGenerator } from './timeuuid.ts';

/** What chat works with. */
export interface ChatContext {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly timeUuids: TimeUuidGenerator;
  readonly hub: Hub;
  readonly sockets: SocketServer;
  readonly chatSockets: ChatSockets;
  readonly callNotices: UserCallNotices;
  readonly tail: StoreTail;
  readonly blockedListeners: BlockedListeners;
  /** Whether people are found by their address, which reveals that it has an account. */
  readonly findUsersByEmail: boolean;
}

/** What the handlers of chat use besides their ports, which alone lead to the messages. */
export type RouteContext = Omit<ChatContext, 'messages'>;

/** Dependencies that tests and benchmarks replace, and options of the sockets. */
export interface ChatOverrides extends Partial<Omit<ChatContext, 'sockets'>> {
  readonly socketOptions?: Partial<Omit<SocketServerOptions, 'revocations'>>;
}
