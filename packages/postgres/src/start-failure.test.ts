import { troubleshootingRows } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import {
  explainDatabaseFailure,
  explainServiceFailure,
  explanations,
  schemaExplanations,
} from './start-failure.ts';

const url = 'postgresql://app:hidden-word@db.internal:6543/chat';
const withCode = (code: string) => Object.assign(new Error('from the driver'), { code });

describe('the explanation of a database failure', () => {
  it.each(Object.entries(explanations))('says what %s means and what to do', (code, row) => {
    const words = row.quotesServer ? ': from the driver' : '';
    expect(explainDatabaseFailure(withCode(code), url)).toBe(
      `PostgreSQL at db.internal:6543 (database "chat", role "app"): ${row.problem} (${code}${words}). ${row.remedy}`,
    );
  });

  it.each(Object.entries(schemaExplanations))('says of %s in a service alone', (code, row) => {
    expect(explainDatabaseFailure(withCode(code), url)).toBeUndefined();
    expect(explainServiceFailure(withCode(code), url)).toBe(
      `PostgreSQL at db.internal:6543 (database "chat", role "app"): ${row.problem} (${code}: from the driver). ${row.remedy}`,
    );
    expect(explainServiceFailure(withCode('28P01'), url)).toContain('the password was refused');
  });

  it('is found by the message of an error without a code', () => {
    const line = explainDatabaseFailure(
      new Error('The server does not support SSL connections'),
      url,
    );
    expect(line).toContain('TLS is not offered (The server does not support SSL connections).');
  });

  it('never holds the password, also if the URL cannot be read', () => {
    for (const text of [url, 'postgresql://app:hidden-word@db:port/chat']) {
      const line = explainDatabaseFailure(withCode('28P01'), text);
      expect(line).toContain('the password was refused (28P01)');
      expect(line).not.toContain('hidden-word');
    }
  });

  it('names the default port', () => {
    const line = explainDatabaseFailure(withCode('ECONNREFUSED'), 'postgresql://app@db/chat');
    expect(line).toContain('PostgreSQL at db:5432 ');
  });

  it.each([new Error('no code'), withCode('toString'), withCode('23505'), 'text', undefined])(
    'is not given for %s',
    (error) => expect(explainDatabaseFailure(error, url)).toBeUndefined(),
  );
});

it.each([
  ['PostgreSQL', explanations],
  ['Tables of an older version', schemaExplanations],
])('docs/troubleshooting.md has exactly the rows of %s', async (heading, table) => {
  expect(await troubleshootingRows(heading)).toEqual(
    Object.entries(table).map(([code, { problem, remedy }]) => [`\`${code}\``, problem, remedy]),
  );
});
