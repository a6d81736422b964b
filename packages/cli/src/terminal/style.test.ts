import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { paintFor } from './style.ts';
import { terminalOf } from './terminal.ts';

const terminalWith = (environment: Record<string, string>) => {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return terminalOf({ environment, input, output, errors });
};

it('paints on a terminal, and nowhere else', () => {
  const paint = paintFor(terminalWith({}), { isTTY: true });
  expect(paint('red', 'error')).toBe('\u001b[31merror\u001b[0m');
  expect(paintFor(terminalWith({}), {})('red', 'error')).toBe('error');
});

it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('paints nothing with %o', (environment) => {
  expect(paintFor(terminalWith(environment), { isTTY: true })('red', 'error')).toBe('error');
});
