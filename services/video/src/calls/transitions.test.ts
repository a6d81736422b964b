import { CallEndReason, CallParticipantState, CallStatus } from '@secureconnect/contracts';
import { describe, expect, it } from 'vitest';
import {
  abandon,
  accept,
  type CallChange,
  type CallRecord,
  cancel,
  cutOff,
  decline,
  isLive,
  join,
  leave,
  lose,
  missBusy,
  stateOf,
  stopRinging,
  takeOut,
} from './call.ts';
import { expel } from './host-controls.ts';
import { callTransitions, participantTransitions } from './transitions.ts';

const createdAt = new Date('2026-01-31T12:00:00Z');
const ringUntil = new Date('2026-01-31T12:00:30Z');
const inTime = new Date('2026-01-31T12:00:10Z');
const late = new Date('2026-01-31T12:01:00Z');

/** A call of a host and two callees, of whom `me` is in this state. */
const callWith = (status: CallStatus, state: CallParticipantState): CallRecord => ({
  callId: 'call',
  conversationId: 'conversation',
  callType: 'audio',
  callerId: 'host',
  topology: 'mesh',
  hostId: 'host',
  isLocked: false,
  status,
  participants: [
    { userId: 'host', state: 'joined' },
    { userId: 'me', state },
    { userId: 'other', state: status === 'active' ? 'joined' : 'ringing' },
  ],
  createdAt,
  ringUntil,
  answeredAt: status === 'active' ? inTime : undefined,
  endedAt: undefined,
  endReason: undefined,
});

/** What each change does to `me`, and the event in the table that it stands for. */
const changes = {
  join: ['join', join('me', 'session'), inTime],
  accept: ['join', accept('me', 'session'), inTime],
  decline: ['decline', decline('me'), inTime],
  miss: ['miss', stopRinging, late],
  busy: ['miss', missBusy(new Set(['me'])), inTime],
  leave: ['leave', leave('me'), inTime],
  remove: ['remove', takeOut('me'), inTime],
  lose: ['lose', lose('me'), inTime],
  expel: ['expel', expel('me'), inTime],
  end: ['end', cutOff, inTime],
} as const satisfies Record<string, readonly [string, CallChange, Date]>;

describe.each(CallParticipantState.options)('a participant who is %s', (state) => {
  it.each(Object.entries(changes))('follows the table at %s', (name, [event, change, now]) => {
    for (const status of CallStatus.options) {
      const before = callWith(status, state);
      const after = change(before, now);
      // When nobody has answered in time, the whole call ends.
      const happens = name === 'miss' && status === 'ringing' ? 'end' : event;
      const legal = isLive(before) ? participantTransitions[state][happens] : undefined;
      // Accepting is answering a call that rings; later there is joining.
      const refused = name === 'accept' && state !== 'ringing';
      const next = refused ? state : (legal ?? state);
      expect([status, stateOf(after, 'me')]).toEqual([status, next]);
      if (!isLive(before)) expect(after).toBe(before);
    }
  });
});

/** A change that ends a call for each reason, of a call in which that can happen. */
const endings: Record<CallEndReason, readonly [CallRecord, CallChange, Date]> = {
  no_answer: [callWith('ringing', 'ringing'), stopRinging, late],
  busy: [callWith('ringing', 'ringing'), missBusy(new Set(['me', 'other'])), inTime],
  declined: [callWith('ringing', 'declined'), decline('other'), inTime],
  cancelled: [callWith('ringing', 'ringing'), cancel('host'), inTime],
  ended_by_host: [callWith('active', 'joined'), leave('host'), inTime],
  everyone_left: [callWith('active', 'left'), takeOut('other'), inTime],
  connection_lost: [callWith('active', 'joined'), abandon, inTime],
  out_of_reach: [callWith('active', 'joined'), cutOff, inTime],
};

describe.each(CallEndReason.options)('the end of a call for the reason %s', (reason) => {
  it.each(CallStatus.options)('follows the table when it is %s', (status) => {
    const [made, change, now] = endings[reason];
    const before = { ...made, status };
    const after = change(before, now);
    const legal = callTransitions[status][reason];
    if (legal === undefined) {
      expect(after.endReason).not.toBe(reason);
      return;
    }
    expect(after).toMatchObject({ status: legal, endReason: reason });
    expect(after.endedAt).toBeDefined();
  });
});

it.each(CallStatus.options)('an answer makes a call that is %s what the table says', (status) => {
  const after = accept('me', 'session')(callWith(status, 'ringing'), inTime);
  expect(after.status).toBe(callTransitions[status].answered ?? status);
});

it('a call that is over is never changed again', () => {
  for (const status of ['ended', 'missed', 'declined'] as const) {
    expect(callTransitions[status]).toEqual({});
  }
});
