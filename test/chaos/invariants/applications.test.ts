import { expect, it } from 'vitest';
import { type AppRecord, emptyHistory } from '../history.ts';
import { applicationLine } from '../report.ts';
import { applications } from './applications.ts';

const app: AppRecord = {
  user: 'app-1',
  conversationIds: ['c'],
  said: [{ clientMessageId: 'mine', conversationId: 'c' }],
  sent: [{ clientMessageId: 'mine', messageId: 'm1' }],
  refused: [],
  heard: [{ messageId: 'm2', atMs: 5 }],
};
const stored = [
  { messageId: 'm1', clientMessageId: 'mine' },
  { messageId: 'm2', clientMessageId: 'of another' },
];

function judged(change: Partial<AppRecord>, messages = stored) {
  const history = emptyHistory({ gateways: 1, quotaBytes: 1 });
  history.apps.push({ ...app, ...change });
  history.stored.set('c', messages);
  return applications.judge(history).broken;
}

it('accepts what was said and heard once', () => {
  expect(judged({})).toEqual([]);
});

it.each<[string, string, string[]]>([
  ['lost', 'mine of app-1 is stored 0 times', ['m2']],
  ['stored twice', 'mine of app-1 is stored 2 times', ['m1', 'm1b', 'm2']],
])('sees what was said and %s', (_what, line, ids) => {
  const messages = ids.map((messageId) => ({
    messageId,
    clientMessageId: messageId === 'm2' ? 'of another' : 'mine',
  }));
  expect(judged({}, messages)).toEqual([line]);
});

it('sees what was refused for good', () => {
  const refused = [{ id: 'mine', code: 'FORBIDDEN', message: 'No.' }];
  expect(judged({ refused })).toEqual(['app-1 was refused mine for good: FORBIDDEN']);
});

it.each<[string, string, string[]]>([
  ['lost', 'app-1 has not heard m2', []],
  ['given twice', 'app-1 has heard m2 2 times', ['m2', 'm2']],
])('sees what was %s', (_what, line, ids) => {
  const heard = ids.map((messageId) => ({ messageId, atMs: 1 }));
  expect(judged({ heard })).toEqual([line]);
});

it('sees what was told as sent under an id that it does not have', () => {
  expect(judged({ sent: [{ clientMessageId: 'mine', messageId: 'm9' }] })).toEqual([
    'app-1 was told that mine is m9, not m1',
  ]);
});

it('has the totals of a run in one line, with a loss and a doubling that were planted', () => {
  const history = emptyHistory({ gateways: 1, quotaBytes: 1 });
  expect(applicationLine(history)).toBeUndefined();
  history.stored.set('c', stored);
  history.apps.push({ ...app, heard: [...app.heard, ...app.heard] });
  history.apps.push({ ...app, user: 'app-2', heard: [] });
  expect(applicationLine(history)).toBe(
    'through the client: 2 users, 2 messages said, 2 heard, 1 lost, 1 doubled',
  );
});
