import type { CallEnd } from '@secureconnect/client/calls';

/** Why a call is over, for the person who was in it. */
export const endWords: Readonly<Record<CallEnd, string>> = {
  answered_elsewhere: 'You have answered on a different device.',
  busy: 'They are in a different call.',
  cancelled: 'The caller has hung up.',
  closed: 'The call was closed here.',
  connection_lost: 'The connection was lost.',
  continued_elsewhere: 'The call goes on in a newer page.',
  declined: 'They do not want to answer now.',
  ended_by_host: 'The call has ended.',
  everyone_left: 'Everybody else has left.',
  left: 'You have hung up.',
  locked: 'Nobody else may join the call.',
  no_answer: 'Nobody has answered.',
  out_of_reach: 'This person cannot be called.',
  removed: 'You were removed from the call.',
  signed_out: 'You were signed out.',
};
