import type { IceServer } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import type { SocketServer } from '@secureconnect/realtime';
import type { SignalingSockets } from './signaling-sockets.ts';

/** What video's handlers use in addition to their ports. */
export interface VideoContext {
  readonly database: Database;
  readonly sockets: SocketServer;
  readonly signaling: SignalingSockets;
  readonly iceServers: readonly IceServer[];
}
