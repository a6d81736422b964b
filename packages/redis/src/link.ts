import type { Probes } from '@secureconnect/degraded-mode';
import type { Redis } from 'ioredis';
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

export interface LinkOptions {
  readonly keyPrefix: string;
  /** Called when a connection failed or ended. */
  readonly onFailure: (cause: unknown) => void;
  /** Called when a connection is usable. */
  readonly onReady: () => void;
  /** Called for each reply of Redis. */
  readonly onAnswer: () => void;
  /** Called at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}

/** Reports the events of a connection; `isNone` filters errors that are no failures. */
export function watchConnection(
  client: Redis,
  { onFailure, onReady }: Pick<LinkOptions, 'onFailure' | 'onReady'>,
  isNone: (error: Error) => boolean = () => false,
): void {
  client.on('error', (error: Error) => {
    if (!isNone(error)) onFailure(error);
  });
  client.on('close', () => onFailure(new Error('Connection is closed.')));
  client.on('ready', onReady);
}
