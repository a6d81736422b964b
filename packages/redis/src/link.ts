import type { Probes } from '@secureconnect/degraded-mode';
import type { ConnectionEvents } from '@secureconnect/degraded-mode/ioredis';
import type { RedisCommands } from './client.ts';
import type { ServerFound } from './server-found.ts';

/** The subscriptions of a process. Every method rejects unless its effect is confirmed. */
export interface ChannelSubscriber {
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  /** Pings every connection. */
  ping(): Promise<unknown>;
  on(event: 'message', listener: (channel: string, text: string) => void): unknown;
}

/** The connections of a process to its Redis, independent of its topology. */
export interface Link {
  readonly commands: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  readonly probes: Probes;
  /** Renews all subscriptions; rejects unless all are confirmed. */
  subscribeAgain(): Promise<void>;
  /** Makes first contact; resolves when that succeeded or failed. */
  connect(): Promise<void>;
  /** Ends every connection and timer; nothing is open when it resolves. */
  close(): Promise<void>;
}

export interface LinkOptions extends ConnectionEvents {
  readonly keyPrefix: string;
  /** Called with whether this process hears its own messages, though Redis takes them. */
  readonly onHeard: (heard: boolean) => void;
  /** Called at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}
