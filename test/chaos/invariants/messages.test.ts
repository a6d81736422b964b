import { describe, expect, it } from 'vitest';
import { madeUp, sent } from './made-up.ts';
import { messages } from './messages.ts';

const stored = (...pairs: [string, string][]) =>
  new Map([['c', pairs.map(([messageId, clientMessageId]) => ({ messageId, clientMessageId }))]]);

describe('acknowledged messages in history', () => {
  it('are correct if each is there once, also when it was sent twice', () => {
    const operations = [sent('a', 'm1'), sent('a', 'm1'), sent('b', 'm2')];
    const history = madeUp({ operations, stored: stored(['m1', 'a'], ['m2', 'b']) });
    expect(messages.judge(history)).toEqual({ broken: [], judged: 2, seen: '2 messages' });
  });

  it('must not be missing', () => {
    const history = madeUp({ operations: [sent('a', 'm1')], stored: stored() });
    expect(messages.judge(history).broken).toEqual(['message m1 is 0 times in c']);
  });

  it('must not be there twice', () => {
    const operations = [sent('a', 'm1')];
    const history = madeUp({ operations, stored: stored(['m1', 'a'], ['m1', 'a']) });
    expect(messages.judge(history).broken).toEqual([
      'message m1 is 2 times in c',
      'a is 2 times in c',
    ]);
  });

  it('must have one id however often they were sent', () => {
    const operations = [sent('a', 'm1'), sent('a', 'm2')];
    const history = madeUp({ operations, stored: stored(['m1', 'a'], ['m2', 'a']) });
    expect(messages.judge(history).broken).toEqual([
      'a was acknowledged as m1 and m2',
      'a is 2 times in c',
    ]);
  });

  it('may be missing without an acknowledgement', () => {
    const history = madeUp({ operations: [sent('a', 'm1', { status: 502 })], stored: stored() });
    expect(messages.judge(history).broken).toEqual([]);
  });
});
