import type { Probes } from '@secureconnect/degraded-mode';
import type { Redis } from 'ioredis';
import type { RedisCommands } from './client.ts';
import type { ServerFound } from './server-found.ts';

/** What a process listens with. Every method rejects where it is not surely in place. */
export interface ChannelSubscriber {
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  /** Asks every connection whether it is there. */
  ping(): Promise<unknown>;
  on(event: 'message', listener: (channel: string, text: string) => void): unknown;
}

/** The connections of a process to its Redis, of whatever kind that is. */
export interface Link {
  readonly commands: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  readonly probes: Probes;
  /** Subscribes again to everything; rejects unless all of it is in place. */
  subscribeAgain(): Promise<void>;
  /** Makes first contact; resolves when that worked or failed. */
  connect(): Promise<void>;
  /** Ends every connection and timer; nothing is open when it resolves. */
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly keyPrefix: string;
  /** A connection failed or ended, for this cause. */
  readonly onFailure: (cause: unknown) => void;
  /** One is usable. */
  readonly onReady: () => void;
  /** Redis has answered something. */
  readonly onAnswer: () => void;
  /** Told at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}

/** Tells of the life of a connection; `isNone` says of an error that it is no failure. */
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
