import { randomUUID } from 'node:crypto';
import type { RelayedFrame } from '@secureconnect/contracts';
import type { Delivery } from '@secureconnect/realtime';

/** The room of a call's sockets. */
export const roomOf = (callId: string): string => `call:${callId}`;

export interface Signal {
  readonly type: RelayedFrame['type'] | 'mute_request';
  readonly callId: string;
  readonly from: string;
  /** The peer that receives it; if absent, everybody in the call. */
  readonly to?: string | undefined;
  readonly data: object;
}

/** A frame for the sockets of a call. Only the server sets its sender. */
export function signalDelivery(
  { type, callId, from, to, data }: Signal,
  exceptSocket?: string,
): Delivery {
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    room: roomOf(callId),
    frame: { type, call_id: callId, from, ...(to === undefined ? {} : { to }), at, data },
    ...(to === undefined ? {} : { toUser: to }),
    ...(exceptSocket === undefined ? {} : { exceptSocket }),
  };
}
