import { describe, expect, it } from 'vitest';
import type { Operation, SeenCall, StoredPart } from '../history.ts';
import { callHistories } from './call-histories.ts';
import { madeUp, operation } from './made-up.ts';

const part: StoredPart = {
  ...{ callId: 'c1', userId: 'ada', status: 'ended', state: 'left', ends: 1 },
};
const entry: SeenCall = {
  ...{ callId: 'c1', status: 'ended', state: 'left', endReason: 'cancelled' },
};
const replied = (name: Operation['name'], data: object, given: Partial<Operation> = {}) =>
  operation({
    ...{ name, userId: 'bob', body: JSON.stringify({ data: { call_id: 'c1', ...data } }) },
    ...given,
  });
const cancelled = replied('cancel call', { status: 'ended', end_reason: 'cancelled' });

const broken = (seen: SeenCall[], operations: Operation[] = [], parts = [part]): number =>
  callHistories.judge(madeUp({ parts, operations, callHistories: new Map([['ada', seen]]) })).broken
    .length;

describe('histories of calls', () => {
  it('have each stored call once, in its state, and no other', () => {
    expect(broken([entry])).toBe(0);
    expect(broken([])).toBe(1);
    expect(broken([entry, entry])).toBe(1);
    expect(broken([{ ...entry, status: 'missed' }])).toBe(1);
    expect(broken([{ ...entry, state: 'missed' }])).toBe(1);
    expect(broken([entry, { ...entry, callId: 'c2' }])).toBe(1);
  });

  it('say of a call what was acknowledged', () => {
    expect(broken([entry], [cancelled])).toBe(0);
    expect(broken([{ ...entry, endReason: 'ended_by_host' }], [cancelled])).toBe(1);
    const left = replied('end call', { status: 'active' });
    const refused = { ...cancelled, status: 409 };
    expect(broken([{ ...entry, endReason: 'ended_by_host' }], [left, refused])).toBe(0);
  });

  it('have a call that a reply has started', () => {
    const started = replied('initiate call', { status: 'ringing' }, { status: 201, userId: 'ada' });
    expect(broken([entry], [started])).toBe(0);
    expect(broken([], [started], [])).toBe(1);
    const ofOthers = { ...started, userId: 'bob' };
    expect(broken([], [ofOthers], [])).toBe(0);
  });
});
