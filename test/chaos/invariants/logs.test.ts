import { expect, it } from 'vitest';
import { logs } from './logs.ts';
import { madeUp } from './made-up.ts';

const line = (level: string) => ({
  atMs: 0,
  instance: 'auth-1',
  level,
  msg: level,
  text: `{"level":"${level}"}\n`,
});

it('finds lines of level error and fatal, and no others', () => {
  const lines = ['info', 'error', 'warn', 'fatal'].map(line);
  const { broken, seen } = logs.judge(madeUp({ logs: lines }));
  expect(broken).toEqual(['{"level":"error"}', '{"level":"fatal"}']);
  expect(seen).toBe('4 lines');
});
