import { describe, expect, it } from 'vitest';
import {
  type CallChange,
  type CallRecord,
  decline,
  join,
  leave,
  missBusy,
  stopRinging,
  takeOut,
} from './call.ts';
import { noticesOf } from './notices.ts';

const createdAt = new Date('2026-01-31T12:00:00Z');
const ringUntil = new Date('2026-01-31T12:00:30Z');
const inTime = new Date('2026-01-31T12:00:10Z');

const ringing: CallRecord = {
  callId: 'call',
  conversationId: 'conversation',
  callType: 'video',
  callerId: 'ada',
  topology: 'mesh',
  hostId: 'ada',
  isLocked: false,
  status: 'ringing',
  participants: [
    { userId: 'ada', state: 'joined' },
    { userId: 'bob', state: 'ringing' },
    { userId: 'eve', state: 'ringing' },
  ],
  createdAt,
  ringUntil,
  answeredAt: undefined,
  endedAt: undefined,
  endReason: undefined,
};

/** Who is told what by the last of these changes: `bob call_ended declined`. */
function told(...changes: readonly CallChange[]): string[] {
  let before = ringing;
  let after = ringing;
  for (const change of changes) {
    before = after;
    after = change(before, inTime);
  }
  return inWords(noticesOf(before, after));
}

const inWords = (notices: ReturnType<typeof noticesOf>): string[] =>
  notices.map(({ userId, type, from, data }) =>
    [userId, type, 'reason' in data ? `${data.reason} ${data.state}` : `from ${from}`].join(' '),
  );

describe('the notices of a call', () => {
  it('ring for those who are called, and tell the busy that they have missed it', () => {
    expect(noticesOf(undefined, ringing)[0]).toEqual({
      type: 'call_ringing',
      callId: 'call',
      conversationId: 'conversation',
      userId: 'bob',
      from: 'ada',
      data: { call_id: 'call', call_type: 'video', ring_until: '2026-01-31T12:00:30.000Z' },
    });
    const busy = missBusy(new Set(['eve']))(ringing, inTime);
    expect(inWords(noticesOf(undefined, busy))).toEqual([
      'bob call_ringing from ada',
      'eve call_ended busy missed',
    ]);
    const nobody = missBusy(new Set(['bob', 'eve']))(ringing, inTime);
    expect(inWords(noticesOf(undefined, nobody))).toEqual([
      'ada call_ended busy left',
      'bob call_ended busy missed',
      'eve call_ended busy missed',
    ]);
  });

  it('tell everybody who is there of an answer, and of one that comes late', () => {
    const everybody = ['ada', 'bob', 'eve'];
    expect(told(join('bob'))).toEqual(everybody.map((user) => `${user} call_answered from bob`));
    expect(told(join('bob'), decline('eve'), join('eve'))).toEqual(
      everybody.map((user) => `${user} call_answered from eve`),
    );
  });

  it('are not repeated when somebody rejoins', () => {
    expect(told(join('bob'), leave('bob'))).toEqual([]);
    expect(told(join('bob'), leave('bob'), join('bob'))).toEqual([]);
  });

  it('end the ringing of one user, while the call goes on', () => {
    expect(told(decline('bob'))).toEqual(['bob call_ended declined declined']);
    expect(told(takeOut('bob'))).toEqual(['bob call_ended removed left']);
    const overdue: CallChange = (call) => stopRinging(call, new Date('2026-01-31T12:01:00Z'));
    expect(told(join('bob'), overdue)).toEqual(['eve call_ended no_answer missed']);
  });

  it('end the call for all', () => {
    expect(told(decline('bob'), decline('eve'))).toEqual([
      'ada call_ended declined left',
      'bob call_ended declined declined',
      'eve call_ended declined declined',
    ]);
    expect(told(join('bob'), leave('ada'))).toEqual([
      'ada call_ended ended_by_host left',
      'bob call_ended ended_by_host left',
      'eve call_ended ended_by_host missed',
    ]);
  });
});
