import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readableLine } from './log-line.ts';

const plain = (service: string, line: string) =>
  stripVTControlCharacters(readableLine(service, line));
const time = '2026-03-04T12:00:01.250Z';

describe('a line of a service, for a person', () => {
  it('begins with the name, and has the fields after the message', () => {
    const entry = { level: 'info', time, service: 'auth', port: 8081, msg: 'listening' };
    expect(plain('auth', JSON.stringify(entry))).toBe('auth    12:00:01 info  listening port=8081');
  });

  it('shows nested fields as JSON, and the stack of an error below', () => {
    const err = { type: 'Error', message: 'lost', stack: 'Error: lost\n    at here' };
    const entry = { level: 'error', time, service: 'chat', request: { id: 1 }, err, msg: 'failed' };
    expect(plain('chat', JSON.stringify(entry))).toBe(
      'chat    12:00:01 error failed request={"id":1}\nError: lost\n    at here',
    );
  });

  it.each(['(node:1) Warning: odd', '{not JSON}', '{"other":"JSON"}', ''])(
    'is unchanged where it is no log entry: %s',
    (line) => {
      expect(plain('gateway', line)).toBe(`gateway  ${line}`);
    },
  );
});
