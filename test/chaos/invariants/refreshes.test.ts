import { expect, it } from 'vitest';
import { madeUp, operation } from './made-up.ts';
import { refreshes } from './refreshes.ts';

const bodyWith = (token: string): string => JSON.stringify({ data: { refresh_token: token } });

/** A refresh that gave `a`, sent again after some time. */
const judge = (afterMs: number, status: number, token = 'a') => {
  const lost = operation({ name: 'refresh', body: bodyWith('a') });
  const facts = { retryOf: lost.id };
  const retry = {
    name: 'refresh',
    startMs: afterMs,
    status,
    body: bodyWith(token),
    facts,
  } as const;
  return refreshes.judge(madeUp({ operations: [lost, operation(retry)] }));
};

it('takes the same token again, and a refusal by the row', () => {
  expect(judge(20, 200)).toEqual({ broken: [], judged: 1, seen: '1 sent again, 1 answered alike' });
  expect(judge(20, 503).broken).toEqual([]);
});

it('finds a second branch, and a session that was ended too early', () => {
  expect(judge(20, 200, 'b').broken.join()).toContain('second branch');
  expect(judge(9_000, 401).broken.join()).toContain('was ended');
  expect(judge(11_000, 401).broken).toEqual([]);
});
