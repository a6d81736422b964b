import { describe, expect, it } from 'vitest';
import type { HeardOfCall, Operation, SocketRecord, StoredPart } from '../history.ts';
import { calls, isEndDue } from './calls.ts';
import { madeUp, operation, socket } from './made-up.ts';

const part = (given: Partial<StoredPart> = {}): StoredPart => ({
  ...{ callId: 'c1', userId: 'ada', status: 'ended', state: 'left', ends: 1 },
  ...given,
});

const told = (type: string, from?: string): HeardOfCall => ({ type, callId: 'c1', from, atMs: 20 });

const device = (...heardOfCalls: HeardOfCall[]): SocketRecord => ({
  ...socket('chat-1'),
  ...{ user: 'ada', isDevice: true, heardOfCalls },
});

const facts = { callId: 'c1', callUsers: ['ada', 'bob'] };
const ended: Operation = operation({ name: 'end call', facts });

const brokenIn = (parts: Parameters<typeof madeUp>[0]) => calls.judge(madeUp(parts)).broken;

describe('calls', () => {
  it('are over in the end, with one end for each participant', () => {
    expect(brokenIn({ parts: [part(), part({ userId: 'bob' })] })).toEqual([]);
    expect(brokenIn({ parts: [part({ status: 'ringing', ends: 0 })] })).toEqual([
      'call c1 still rings',
    ]);
    expect(brokenIn({ parts: [part({ ends: 0 })] })).toEqual(['0 ends of call c1 for ada']);
    expect(brokenIn({ parts: [part({ state: 'joined' })] })).toEqual([
      'ada is still joined in call c1, which is over',
    ]);
    expect(brokenIn({ parts: [part({ status: 'active', ends: 0 })] })).toEqual([
      'call c1 is still active',
    ]);
  });

  it('are told once, and not after their end', () => {
    const whole = [told('call_ringing', 'bob'), told('call_answered', 'ada'), told('call_ended')];
    expect(brokenIn({ sockets: [device(...whole)] })).toEqual([]);
    const twice = device(told('call_ringing', 'bob'), told('call_ringing', 'bob'));
    expect(brokenIn({ sockets: [twice] })).toHaveLength(1);
    expect(brokenIn({ sockets: [device(told('call_ended'), told('call_ended'))] })).toHaveLength(2);
    const late = device(told('call_ended'), told('call_ringing', 'bob'));
    expect(brokenIn({ sockets: [late] })).toEqual([
      `socket ${late.id} was told of call c1 after its end`,
    ]);
  });

  it('are told to every device that was connected all the time', () => {
    const missed = madeUp({ operations: [ended], sockets: [device()] });
    expect(calls.judge(missed).broken).toHaveLength(1);
    expect(isEndDue(missed)).toBe(true);
    const heard = madeUp({ operations: [ended], sockets: [device(told('call_ended'))] });
    expect(calls.judge(heard).broken).toEqual([]);
    const notDue = [
      { ...device(), openedMs: 5 },
      { ...device(), closedMs: 1000 },
      { ...device(), user: 'eve' },
      { ...device(), isDevice: false },
    ];
    expect(brokenIn({ operations: [ended], sockets: notDue })).toEqual([]);
    const refused = { ...ended, status: 409 };
    expect(brokenIn({ operations: [refused], sockets: [device()] })).toEqual([]);
  });
});
