import { troubleshootingRows } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { explainMailFailure, mailExplanations } from './explain-mail-failure.ts';

const url = 'smtps://ada:hidden-word@mx.internal';

it.each(Object.entries(mailExplanations))('%s is one line, without the password', (code, row) => {
  expect(explainMailFailure(`${code} 535`, url)).toBe(
    `Mail server at mx.internal:465: ${row.problem} (${code} 535). ${row.remedy}`,
  );
});

it.each([
  ['EENVELOPE 550', url],
  ['toString', url],
  ['EAUTH', undefined],
])('nothing is known of %s at %s', (reason, smtpUrl) => {
  expect(explainMailFailure(reason, smtpUrl)).toBeUndefined();
});

it('names the port', () => {
  expect(explainMailFailure('ESOCKET', 'smtp://mx')).toContain(' mx:587: ');
  expect(explainMailFailure('ESOCKET', 'smtp://mx:2525')).toContain(' mx:2525: ');
});

it('docs/troubleshooting.md has exactly these rows', async () => {
  expect(await troubleshootingRows('Mail')).toEqual(
    Object.entries(mailExplanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      problem,
      remedy,
    ]),
  );
});
