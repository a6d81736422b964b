import type { CallEndReason, CallParticipantState, CallStatus } from '@secureconnect/contracts';

/** What changes the status of a call: its first answer, or the reason for which it ends. */
export type CallEvent = 'answered' | CallEndReason;

/**
 * What changes the state of a participant. `remove`: the user has left the conversation; `expel`:
 * the host removes the user; `lose`: the user has lost their sockets; `end`: the whole call ends.
 */
export type ParticipantEvent =
  | 'join'
  | 'decline'
  | 'miss'
  | 'leave'
  | 'remove'
  | 'expel'
  | 'lose'
  | 'end';

type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** Every legal change of a call's status; whatever is not here does not happen. */
export const callTransitions: Transitions<CallStatus, CallEvent> = {
  ringing: {
    answered: 'active',
    no_answer: 'missed',
    busy: 'missed',
    declined: 'declined',
    cancelled: 'ended',
    everyone_left: 'ended',
    out_of_reach: 'ended',
  },
  active: {
    ended_by_host: 'ended',
    everyone_left: 'ended',
    connection_lost: 'ended',
    out_of_reach: 'ended',
  },
  ended: {},
  missed: {},
  declined: {},
};

/** Every legal change of a participant's state, while the call is live. */
export const participantTransitions: Transitions<CallParticipantState, ParticipantEvent> = {
  ringing: {
    join: 'joined',
    decline: 'declined',
    miss: 'missed',
    leave: 'declined',
    remove: 'left',
    expel: 'removed',
    end: 'missed',
  },
  joined: { leave: 'left', remove: 'left', expel: 'removed', lose: 'left', end: 'left' },
  // A user who was called may come to the call as long as others talk.
  left: { join: 'joined', expel: 'removed' },
  declined: { join: 'joined', expel: 'removed' },
  missed: { join: 'joined', expel: 'removed' },
  removed: {},
};
