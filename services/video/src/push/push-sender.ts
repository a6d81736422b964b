import type { PushAddress, PushKind } from '@secureconnect/contracts';
import type { PushContent } from './push-content.ts';

/** What is sent to one device. */
export interface PushMessage {
  /** A UUID, the same at every attempt. */
  readonly pushId: string;
  readonly data: PushContent;
  /**
   * A later push with the same key replaces one that the device has not seen: at most 32 of
   * `A-Za-z0-9_-`.
   */
  readonly collapseKey: string;
  /** How long the push service keeps it for a device that is away. */
  readonly ttlSeconds: number;
  /** `high` wakes a device that saves power. */
  readonly urgency: 'high' | 'normal';
}

/** How an attempt ended. Reasons are codes, without personal data. */
export type PushOutcome =
  | { readonly result: 'sent' }
  /** The device has no such token any more. */
  | { readonly result: 'gone'; readonly reason: string }
  /** The service will never accept this push. */
  | { readonly result: 'refused'; readonly reason: string }
  /** The service cannot take it now. */
  | {
      readonly result: 'failed';
      readonly reason: string;
      readonly retryAfterSeconds: number | undefined;
    };

/** Sends pushes of one kind. */
export interface PushSender<Kind extends PushKind = PushKind> {
  /**
   * @throws an error of the network, or the reason of the signal, if there is no reply. The push may
   * have been taken then.
   */
  send(
    address: Extract<PushAddress, { kind: Kind }>,
    message: PushMessage,
    signal: AbortSignal,
  ): Promise<PushOutcome>;
  close(): Promise<void>;
}
