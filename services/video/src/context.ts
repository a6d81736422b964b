import type { Database } from '@secureconnect/postgres';
import type { SocketServer } from '@secureconnect/realtime';
import type { SealedAddresses } from './push/addresses.ts';
import type { PushConfig } from './push/push-config.ts';
import type { CallMetrics } from './quality/call-metrics.ts';
import type { Sfu } from './sfu/sfu.ts';
import type { CallWatch } from './signaling/call-watch.ts';
import type { SignalingSockets } from './signaling/signaling-sockets.ts';
import type { TurnConfig } from './turn/turn-config.ts';

/** What video's handlers use in addition to their ports. */
export interface VideoContext {
  readonly database: Database;
  readonly callMetrics: CallMetrics;
  readonly sockets: SocketServer;
  readonly signaling: SignalingSockets;
  /** Tells the signaling sockets what changes in their calls. */
  readonly watch: CallWatch;
  readonly turn: TurnConfig;
  readonly push: PushConfig;
  readonly pushAddresses: SealedAddresses;
  /** Undefined if all calls are meshes. */
  readonly sfu: Sfu | undefined;
}
