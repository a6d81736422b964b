import type { Call, CallChange, CallState } from '@secureconnect/client/calls';
import { expect, it } from 'vitest';
import { CallDesk } from './call-desk.ts';

/** A call whose state the test changes. */
function madeUpCall(id: string, state: CallState) {
  const listeners = new Set<(change: CallChange) => void>();
  const call = {
    ...{ id, state, participants: [], isLost: false, media: undefined, endReason: undefined },
    subscribe(listener: (change: CallChange) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const become = (next: CallState): void => {
    call.state = next;
    for (const listener of listeners) listener('state');
  };
  return { call: call as unknown as Call, become };
}

const stateOf = (desk: CallDesk) => {
  const { value } = desk.shown;
  return value === undefined ? undefined : `${value.call.id} ${value.state}`;
};

it('shows a call that rings, what becomes of it, and nothing once it is dismissed', () => {
  const desk = new CallDesk();
  const { become, call } = madeUpCall('c1', 'incoming');
  desk.ring(call);
  expect(stateOf(desk)).toBe('c1 incoming');
  become('active');
  expect(stateOf(desk)).toBe('c1 active');
  desk.dismiss();
  expect(stateOf(desk)).toBe('c1 active');
  become('ended');
  expect(stateOf(desk)).toBe('c1 ended');
  desk.dismiss();
  expect(stateOf(desk)).toBeUndefined();
});

it('shows one call at a time, and the next one if it still rings by then', () => {
  const desk = new CallDesk();
  const [first, second] = [madeUpCall('c1', 'incoming'), madeUpCall('c2', 'incoming')];
  desk.serve({
    calls: [first.call, second.call],
    close: () => undefined,
    start: async () => expect.unreachable(),
  });
  desk.ring(first.call);
  desk.ring(second.call);
  expect(stateOf(desk)).toBe('c1 incoming');
  first.become('ended');
  desk.dismiss();
  expect(stateOf(desk)).toBe('c2 incoming');
  second.become('ended');
  first.become('active');
  expect(stateOf(desk)).toBe('c2 ended');
});

it('shows a call that is started here', async () => {
  const desk = new CallDesk();
  const { call } = madeUpCall('c1', 'outgoing');
  desk.serve({ calls: [call], close: () => undefined, start: async () => call });
  await desk.start('conversation', 'video');
  expect(stateOf(desk)).toBe('c1 outgoing');
});
