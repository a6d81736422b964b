import type { Database } from '@secureconnect/postgres';
import type { SocketServer } from '@secureconnect/realtime';
import type { SignalingSockets } from './signaling-sockets.ts';
import type { TurnConfig } from './turn/turn-config.ts';

/** What video's handlers use in addition to their ports. */
export interface VideoContext {
  readonly database: Database;
  readonly sockets: SocketServer;
  readonly signaling: SignalingSockets;
  readonly turn: TurnConfig;
}
