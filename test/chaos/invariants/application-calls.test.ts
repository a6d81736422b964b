import { expect, it } from 'vitest';
import type { SlowSpan } from '../../support/redis-watch.ts';
import { type AppCallRecord, emptyHistory } from '../history.ts';
import { applicationCalls } from './application-calls.ts';

const call: AppCallRecord = {
  user: 'app-1',
  callId: 'c',
  toldMs: 1000,
  wasAnswered: false,
  ends: [{ reason: 'no_answer', atMs: 35_000 }],
};

function judged(change: Partial<AppCallRecord>, slow: SlowSpan[] = []) {
  const history = emptyHistory({ gateways: 1, quotaBytes: 1 });
  history.appCalls.push({ ...call, ...change });
  history.slow.push(...slow);
  return applicationCalls.judge(history).broken;
}

it('accepts a call that ended once, in time or answered', () => {
  expect(judged({})).toEqual([]);
  expect(judged({ wasAnswered: true, ends: [{ reason: 'left', atMs: 500_000 }] })).toEqual([]);
});

it('does not count the time that a busy machine lacked', () => {
  const ends = [{ reason: 'no_answer', atMs: 61_000 }];
  const lacked = { beginMs: 10_000, endMs: 30_000, isLate: true, workedMs: 0 };
  expect(judged({ ends }, [lacked])).toEqual([]);
});

it.each<[string, string, AppCallRecord['ends']]>([
  ['goes on', 'app-1 was not told the end of call c', []],
  [
    'ended twice',
    'app-1 was told 2 ends of call c: cancelled, left',
    [
      { reason: 'cancelled', atMs: 2000 },
      { reason: 'left', atMs: 2000 },
    ],
  ],
  ['rang too long', 'call c rang for 60 s at app-1', [{ reason: 'no_answer', atMs: 61_000 }]],
])('sees a call that %s', (_what, line, ends) => {
  expect(judged({ ends })).toEqual([line]);
});
