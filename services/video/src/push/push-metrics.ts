import { type PushKind, PushKind as PushKinds } from '@secureconnect/contracts';
import { counter, type ServiceMetrics } from '@secureconnect/service';

/** How a push, or an attempt of one, ended. */
export const pushResults = [
  'sent',
  // The push service cannot take it now; it is retried.
  'failed',
  // The push service will never take it.
  'refused',
  // The device has no such token any more, so the token is removed.
  'gone',
  // The session of the device has an open socket, which tells it.
  'on_socket',
  // There is nothing left to tell: the call does not ring any more, or never rang there.
  'expired',
  // Its token was removed, or its session has ended.
  'no_token',
  // Redis is down, so nobody knows which devices have sockets.
  'waiting',
  // Its kind is not set up, or its token cannot be decrypted.
  'not_set_up',
] as const;
export type PushResult = (typeof pushResults)[number];

export type CountPush = (kind: PushKind, result: PushResult) => void;

/** Counts pushes; each kind has a line from the start. */
export function createPushMetrics(metrics: ServiceMetrics): CountPush {
  const pushes = counter(metrics, {
    name: 'push_attempts_total',
    help: 'Attempts to push to a device, by kind of push and result',
    labelNames: ['kind', 'result'],
  });
  for (const kind of PushKinds.options) {
    for (const result of pushResults) pushes.inc({ kind, result }, 0);
  }
  return (kind, result) => pushes.inc({ kind, result });
}
