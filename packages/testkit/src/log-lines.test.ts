import { expect, it } from 'vitest';
import { LogLines } from './log-lines.ts';

it('has every line in order', () => {
  using lines = new LogLines();
  for (const line of ['one\n', 'two\n']) lines.write(line);
  expect(lines.all).toEqual(['one\n', 'two\n']);
});

it('fails where a reply was not declared, and shows which', () => {
  const lines = new LogLines();
  const line =
    '{"route":"GET /v1/a","status":418,"msg":"reply has a status that its endpoint does not list"}\n';
  for (const each of ['{"msg":"request"}\n', line]) lines.write(each);
  expect(() => lines[Symbol.dispose]()).toThrow(line);
});
