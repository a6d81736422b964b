import { expect, it } from 'vitest';
import { madeUp } from './invariants/made-up.ts';
import { messages } from './invariants/messages.ts';
import { profiles } from './profile.ts';
import { isFailed, verdictLines } from './report.ts';

const nothing = messages.judge(madeUp());
const name = 'every acknowledged message is in history exactly once';

it.each(profiles)('fails a run that judged nothing of what it is to try: $name', (profile) => {
  const isTried = profile.name !== 'calls';
  expect(isFailed(messages, nothing, profile)).toBe(isTried);
  expect(verdictLines(messages, nothing, profile)).toEqual([
    isTried ? `✗ ${name} (0 messages): judged nothing` : `– ${name}: not in this profile`,
  ]);
});

it('fails a run by what is broken, although its profile does not try it', () => {
  const untried = { untried: [messages] };
  const verdict = { broken: ['m1 is lost'], judged: 1, seen: '1 messages' };
  expect(isFailed(messages, verdict, untried)).toBe(true);
  expect(isFailed(messages, { ...verdict, broken: [] }, untried)).toBe(false);
  expect(verdictLines(messages, verdict, untried)).toEqual([
    `✗ ${name} (1 messages): broken 1 times`,
    '    m1 is lost',
  ]);
});
