import { describe, expect, it } from 'vitest';
import type { SocketRecord } from '../history.ts';
import { madeUp, sent, socket } from './made-up.ts';
import { resumptions } from './resumptions.ts';

const early = sent('a', 'm1', { startMs: 100 });
const between = sent('b', 'm2', { startMs: 5000, user: 'carol' });

/** A user's two sockets with a gap from 1 s to 9 s. */
function twoSockets(resumed: SocketRecord['resumed'], ...heardLater: string[]): SocketRecord[] {
  const first = { ...socket('chat-1', 'm1'), openedMs: 0, closedMs: 1000 };
  const second = { ...socket('chat-2', ...heardLater), openedMs: 9000, closedMs: 60_000 };
  return [first, resumed === undefined ? second : { ...second, resumed }];
}

describe('resuming', () => {
  const operations = [early, between];

  it('brings the messages sent meanwhile', () => {
    const history = madeUp({ operations, sockets: twoSockets('complete', 'm2') });
    const { broken, seen } = resumptions.judge(history);
    expect(broken).toEqual([]);
    expect(seen).toBe('1 users came back, 2 messages due to them');
  });

  it('is broken if it does not', () => {
    const { broken } = resumptions.judge(madeUp({ operations, sockets: twoSockets('complete') }));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain('bob missed 5.00 s: carol');
  });

  it('owes nothing to a client that never asked, or was told that the history has the rest', () => {
    for (const resumed of [undefined, 'incomplete', 'unanswered'] as const) {
      const { broken } = resumptions.judge(madeUp({ operations, sockets: twoSockets(resumed) }));
      expect(broken).toEqual([]);
    }
  });

  it('owes no user their own messages', () => {
    const own = [early, { ...between, user: 'bob' }];
    const history = madeUp({ operations: own, sockets: twoSockets('complete') });
    expect(resumptions.judge(history).broken).toEqual([]);
  });
});
