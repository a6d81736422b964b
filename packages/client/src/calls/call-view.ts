import type { Schemas } from '../http/routes.ts';

/** A call as the server shows it. */
export type CallView = Schemas['Call'];
export type ParticipantState = CallView['participants'][number]['state'];

type ServerFrame = Schemas['ChatServerFrame'];
export type CallFrame = Extract<ServerFrame, { readonly type: `call_${string}` }>;
type ReasonOfServer = Extract<CallFrame, { readonly type: 'call_ended' }>['data']['reason'];

/**
 * Why a call is over for this device: what the server says (docs/calls.md), or
 * - `answered_elsewhere`: a different device of the user has answered
 * - `continued_elsewhere`: a newer page of this browser has taken it over
 * - `signed_out`: the session has ended
 * - `closed`: `close` was called here; the server takes the user out 30 s later
 */
export type CallEnd =
  | ReasonOfServer
  | 'answered_elsewhere'
  | 'continued_elsewhere'
  | 'signed_out'
  | 'closed';

const ownEnds: Readonly<Record<ParticipantState, CallEnd>> = {
  ringing: 'no_answer',
  joined: 'answered_elsewhere',
  left: 'left',
  declined: 'declined',
  missed: 'no_answer',
  removed: 'removed',
};

/**
 * Whether a call is over for a device, and why.
 * @param isIn whether the device is in the call; otherwise it rings there
 */
export function endIn(view: CallView, userId: string, isIn: boolean): CallEnd | undefined {
  const own = view.participants.find(({ user_id }) => user_id === userId)?.state;
  const isLive = view.status === 'ringing' || view.status === 'active';
  if (isLive && own === (isIn ? 'joined' : 'ringing')) return undefined;
  // Who was removed, or has left before, hears that, whatever became of the call.
  return view.end_reason ?? ownEnds[own ?? 'removed'];
}
