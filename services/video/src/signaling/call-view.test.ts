import { describe, expect, it } from 'vitest';
import { type CallRecord, type Participant, stateOf } from '../calls/call.ts';
import { endOf, newsOf, viewAtOpening, viewOf } from './call-view.ts';

const at = new Date('2026-01-31T12:01:00Z');
const joinedAt = new Date('2026-01-31T12:00:00Z');
const lostAt = new Date('2026-01-31T12:00:50Z');
const returnedAt = new Date('2026-01-31T12:00:55Z');

const joined: Participant = { userId: 'bob', state: 'joined', joinedAt };
const ringing: Participant = { userId: 'bob', state: 'ringing' };
const left: Participant = { userId: 'bob', state: 'left', endReason: 'left' };

/** A call of ada, who is told, and bob. */
const callWith = (bob: Participant | undefined, more: Partial<CallRecord> = {}): CallRecord => ({
  callId: 'call',
  conversationId: 'conversation',
  callType: 'audio',
  callerId: 'ada',
  topology: 'mesh',
  hostId: 'ada',
  isLocked: false,
  status: 'active',
  participants: [{ userId: 'ada', state: 'joined', joinedAt }, ...(bob === undefined ? [] : [bob])],
  createdAt: joinedAt,
  ringUntil: joinedAt,
  answeredAt: joinedAt,
  endedAt: undefined,
  endReason: undefined,
  ...more,
});

/** The types of what ada is told between two states of bob. */
const news = (before: Participant | undefined, after: Participant | undefined): string[] =>
  newsOf(viewOf(callWith(before)), callWith(after), 'ada', at).map((frame) =>
    'type' in frame ? String(frame.type) : '',
  );

describe('what a socket is told of a peer', () => {
  it.each([
    ['nothing, if nothing has changed', joined, joined, []],
    ['an answer', ringing, joined, ['join']],
    ['nothing of a decline', ringing, { ...left, state: 'declined' }, []],
    ['a departure', joined, left, ['leave']],
    [
      'a departure and a return in one look',
      joined,
      { ...joined, joinedAt: at },
      ['leave', 'join'],
    ],
    ['the erasure of an account', joined, undefined, ['leave']],
    ['a lost socket', joined, { ...joined, lostAt }, ['peer_left']],
    ['a lost socket, once', { ...joined, lostAt }, { ...joined, lostAt }, []],
    ['a new socket', { ...joined, lostAt }, { ...joined, returnedAt }, ['peer_back']],
    ['a new socket whose loss nobody saw', joined, { ...joined, returnedAt }, ['peer_back']],
    [
      'a loss after a return that nobody saw',
      joined,
      { ...joined, lostAt, returnedAt },
      ['peer_left'],
    ],
    ['a lost user who leaves', { ...joined, lostAt }, left, ['leave']],
  ] as const)('%s', (_what, before, after, told) => {
    expect(news(before, after)).toEqual(told);
  });

  it('how long the place is kept', () => {
    const call = callWith({ ...joined, lostAt });
    expect(newsOf(viewAtOpening(call), call, 'ada', at)).toEqual([
      {
        type: 'peer_left',
        call_id: 'call',
        from: 'bob',
        at: '2026-01-31T12:01:00.000Z',
        data: { may_return_until: '2026-01-31T12:01:20.000Z' },
      },
    ]);
  });

  it('nothing of itself', () => {
    expect(newsOf(viewOf(callWith(joined)), callWith({ ...joined, lostAt }), 'bob', at)).toEqual(
      [],
    );
  });

  it('a new host and a lock, together', () => {
    const call = callWith(joined, { hostId: 'bob', isLocked: true });
    expect(newsOf(viewOf(callWith(joined)), call, 'ada', at)).toMatchObject([
      { type: 'call_changed', data: { host_id: 'bob', locked: true } },
    ]);
  });
});

describe('the last frame of a socket', () => {
  it('has the reason of the own part, or else of the call', () => {
    const call = callWith(left);
    expect(stateOf(call, 'bob')).toBe('left');
    expect(endOf(call, 'call', 'ada', at)).toBeUndefined();
    expect(endOf(call, 'call', 'bob', at)).toMatchObject({ data: { reason: 'left' } });
    const over = callWith(
      { userId: 'bob', state: 'left' },
      { status: 'ended', endReason: 'out_of_reach' },
    );
    expect(endOf(over, 'call', 'bob', at)).toMatchObject({ data: { reason: 'out_of_reach' } });
    expect(endOf(undefined, 'call', 'bob', at)).toMatchObject({
      data: { reason: 'removed', state: 'left' },
    });
  });
});
