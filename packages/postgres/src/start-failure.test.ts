import { troubleshootingRows } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { explainDatabaseFailure, explanations } from './start-failure.ts';

const url = 'postgresql://app:hidden-word@db.internal:6543/chat';
const withCode = (code: string) => Object.assign(new Error('from the driver'), { code });

describe('the explanation of a database failure', () => {
  it.each(Object.entries(explanations))('says what %s means and what to do', (code, row) => {
    const words = row.quotesServer ? ': from the driver' : '';
    expect(explainDatabaseFailure(withCode(code), url)).toBe(
      `PostgreSQL at db.internal:6543 (database "chat", role "app"): ${row.problem} (${code}${words}). ${row.remedy}`,
    );
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

it('docs/troubleshooting.md has exactly the rows of the table', async () => {
  const rows = await troubleshootingRows('Database errors of the migrations');
  expect(rows).toEqual(
    Object.entries(explanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      problem,
      remedy,
    ]),
  );
});
