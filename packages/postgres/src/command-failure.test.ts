import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { explainCommandFailure } from './command-failure.ts';

const url = 'postgresql://app:hidden-word@db.internal:6543/chat';

function refusalOf(words: string[]): unknown {
  try {
    return parseArgs({ args: words, options: { user: { type: 'string' } } });
  } catch (error) {
    return error;
  }
}

it.each([
  [['--usr', 'ada'], "Unknown option '--usr'."],
  [['--user'], "Option '--user <value>' argument missing."],
  [['ada'], "Unexpected argument 'ada'. This command does not take positional arguments."],
])('a command with the options %j says what is wrong with them', (words, expected) => {
  expect(explainCommandFailure(refusalOf(words), url)).toContain(expected);
});

it('a command says what is wrong with the database, without the password', () => {
  const code = (text: string) => Object.assign(new Error('from the driver'), { code: text });
  expect(explainCommandFailure(code('28P01'), url)).toContain('the password was refused');
  expect(explainCommandFailure(code('42P01'), url)).toContain('a table is missing');
  // Without a line of its own.
  expect(explainCommandFailure(new Error('Connection terminated'), url)).toBe(
    'The database is down; run this command again when it is up. Error: Connection terminated',
  );
  expect(explainCommandFailure(code('ERR_INVALID_URL'), 'postgresql://app:hidden/word@db')).toMatch(
    /^PostgreSQL: the URL cannot be read \(ERR_INVALID_URL\)\. /,
  );
});

it('a mistake of ours has no such line', () => {
  expect(explainCommandFailure(new TypeError('x is undefined'), url)).toBeUndefined();
});
