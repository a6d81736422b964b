import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abandon,
  type CallChange,
  type CallRecord,
  cutOff,
  isLive,
  join,
  leave,
  lose,
  stateOf,
  stopRinging,
  takeOut,
  takesPart,
} from '../src/calls/call.ts';
import { expel, handOver, setLock } from '../src/calls/host-controls.ts';

const createdAt = new Date('2026-01-31T12:00:00Z');
const ringUntil = new Date('2026-01-31T12:00:30Z');
const soon = new Date('2026-01-31T12:00:10Z');
const later = new Date('2026-01-31T12:01:00Z');

const newCall = (callees: number): CallRecord => ({
  callId: randomUUID(),
  conversationId: randomUUID(),
  callType: 'audio',
  callerId: 'host',
  topology: 'mesh',
  hostId: 'host',
  isLocked: false,
  status: 'ringing',
  participants: [
    { userId: 'host', state: 'joined' },
    ...Array.from({ length: callees }, (_, n) => ({
      userId: `user${n}`,
      state: 'ringing' as const,
    })),
  ],
  createdAt,
  ringUntil,
  answeredAt: undefined,
  endedAt: undefined,
  endReason: undefined,
});

/** A call after these changes, each at its time. */
const after = (call: CallRecord, ...changes: readonly (readonly [CallChange, Date])[]) =>
  changes.reduce((changed, [change, at]) => change(changed, at), call);

const states = (call: CallRecord) => call.participants.map(({ state }) => state);

describe('a call', () => {
  it('becomes active when somebody answers', () => {
    const call = after(newCall(2), [join('user1'), soon]);
    expect(call).toMatchObject({ status: 'active', answeredAt: soon });
    expect(states(call)).toEqual(['joined', 'ringing', 'joined']);
  });

  it('is missed when nobody has answered in time', () => {
    const call = after(newCall(2), [stopRinging, later]);
    expect(call).toMatchObject({ status: 'missed', endReason: 'no_answer', endedAt: ringUntil });
    expect(states(call)).toEqual(['left', 'missed', 'missed']);
  });

  it('is missed by callees who have not answered in time, and continues without them', () => {
    const call = after(newCall(2), [join('user0'), soon], [stopRinging, later]);
    expect(call.status).toBe('active');
    expect(states(call)).toEqual(['joined', 'joined', 'missed']);
  });

  it('may be joined late, and again after leaving, while it is active', () => {
    const start = after(newCall(3), [join('user0'), soon], [join('user1'), soon]);
    const call = after(
      start,
      [stopRinging, later],
      [join('user2'), later],
      [leave('user1'), later],
    );
    expect(states(call)).toEqual(['joined', 'joined', 'left', 'joined']);
    expect(states(after(call, [join('user1'), later]))[2]).toBe('joined');
  });

  it('is ended for all by its host', () => {
    const active = after(newCall(2), [join('user0'), soon], [leave('host'), later]);
    expect(active).toMatchObject({ status: 'ended', endReason: 'ended_by_host', endedAt: later });
    expect(states(active)).toEqual(['left', 'left', 'missed']);
    const ringing = after(newCall(1), [leave('host'), soon]);
    expect(ringing).toMatchObject({ status: 'ended', endReason: 'cancelled' });
  });

  it('ends when fewer than two are left', () => {
    const two = after(newCall(1), [join('user0'), soon], [leave('user0'), later]);
    expect(two).toMatchObject({ status: 'ended', endReason: 'everyone_left' });
    // The third one may still answer, until the ringing is over.
    const three = after(newCall(2), [join('user0'), soon], [leave('user0'), soon]);
    expect(three.status).toBe('active');
    expect(after(three, [stopRinging, later])).toMatchObject({
      status: 'ended',
      endReason: 'everyone_left',
    });
  });

  it('continues without users who have left the conversation, once answered even without its host', () => {
    const active = after(newCall(2), [join('user0'), soon], [takeOut('host'), later]);
    expect(active.status).toBe('active');
    expect(states(active)).toEqual(['left', 'joined', 'ringing']);
    const ringing = after(newCall(2), [takeOut('host'), soon]);
    expect(ringing).toMatchObject({ status: 'ended', endReason: 'cancelled' });
  });

  it('has a host who is in it, also if everybody left while it rang for others', () => {
    const left = after(
      newCall(3),
      [join('user0'), soon],
      [leave('user0'), soon],
      [lose('host'), soon],
    );
    expect([left.status, states(left)]).toEqual(['active', ['left', 'left', 'ringing', 'ringing']]);
    expect(after(left, [join('user2'), soon])).toMatchObject({ hostId: 'user2' });
  });

  it('ends when nobody is in it, and when one of two has blocked the other', () => {
    const active = after(newCall(1), [join('user0'), soon]);
    expect(after(active, [abandon, later])).toMatchObject({ endReason: 'connection_lost' });
    expect(after(active, [cutOff, later])).toMatchObject({ endReason: 'out_of_reach' });
  });

  it('can be joined only by its callees', () => {
    const call = newCall(1);
    expect(after(call, [join('stranger'), soon], [leave('stranger'), soon])).toBe(call);
  });

  const keep: CallChange = (call) => call;
  const changes = fc.array(
    fc.tuple(
      fc.constantFrom(
        ...(['join', 'leave', 'stopRinging', 'takeOut', 'abandon', 'cutOff'] as const),
        ...(['lose', 'expel', 'lock', 'unlock', 'handOver'] as const),
      ),
      fc.constantFrom('host', 'user0', 'user1', 'user2', 'stranger'),
      fc.nat({ max: 60 }),
    ),
    { maxLength: 12 },
  );

  it('keeps its rules under any sequence of events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), changes, (callees, events) => {
        let call = newCall(callees);
        for (const [kind, userId, seconds] of events) {
          const people = { join: join(userId), leave: leave(userId), takeOut: takeOut(userId) };
          const controls = {
            ...{ lose: lose(userId), expel: userId === call.hostId ? keep : expel(userId) },
            ...{ lock: setLock(true), unlock: setLock(false), handOver: handOver(userId) },
          };
          const change = { ...people, ...controls, stopRinging, abandon, cutOff }[kind];
          const now = new Date(createdAt.getTime() + seconds * 1000);
          const next = change(call, now);
          if (!isLive(call)) expect(next).toBe(call);
          for (const { userId: id } of call.participants) {
            if (stateOf(call, id) === 'removed') expect(stateOf(next, id)).toBe('removed');
            if (call.isLocked && next.isLocked && stateOf(call, id) !== 'joined') {
              expect(stateOf(next, id)).not.toBe('joined');
            }
          }
          call = next;
          // An answered call has a host who is in it, unless nobody is and it may be joined yet.
          const isIn = call.participants.some(({ state }) => state === 'joined');
          if (call.status === 'active' && isIn) {
            expect(stateOf(call, call.hostId)).toBe('joined');
          }
          const present = call.participants.filter((person) => takesPart(call, person.userId));
          expect(present.length >= 2).toBe(isLive(call));
          expect(call.endedAt !== undefined).toBe(!isLive(call));
          expect(call.endReason !== undefined).toBe(!isLive(call));
          if (call.status === 'active') expect(call.answeredAt).toBeDefined();
          expect(takesPart(call, 'stranger')).toBe(false);
        }
      }),
    );
  });
});
