import { expect, it } from 'vitest';
import {
  certificateExplanations,
  connectionExplanations,
  type Explanations,
  explain,
  hostNameExplanations,
} from './explanation.ts';

const table: Explanations = {
  ...connectionExplanations('Check THING_URL.'),
  ...hostNameExplanations('Correct THING_URL.'),
  ...certificateExplanations({ authority: 'THING_CA', host: 'THING_URL' }),
  missing: { problem: 'it is missing', remedy: 'Create it.', quotesServer: true },
};
const place = 'thing at a:1';

it('explains a code in one line, with what to do', () => {
  const lineOf = (code: string) => explain(table, { code, place });
  expect(lineOf('ETIMEDOUT')).toBe(
    'thing at a:1: the connection timed out (ETIMEDOUT). Check THING_URL.',
  );
  expect(lineOf('EAI_AGAIN')).toContain('could not be looked up (EAI_AGAIN). Correct THING_URL.');
  expect(lineOf('SELF_SIGNED_CERT_IN_CHAIN')).toContain('authority of the server in THING_CA.');
  expect(lineOf('ERR_TLS_CERT_ALTNAME_INVALID')).toContain('Use a host in THING_URL that');
});

it('quotes the server where the row says so alone, and may say more than the code', () => {
  const serverWords = 'no table x';
  expect(explain(table, { code: 'missing', place, serverWords })).toBe(
    'thing at a:1: it is missing (missing: no table x). Create it.',
  );
  expect(explain(table, { code: 'missing', place })).toContain('(missing).');
  const refused = { code: 'ECONNREFUSED', place, serverWords, reason: 'ECONNREFUSED 5' };
  expect(explain(table, refused)).toContain('(ECONNREFUSED 5).');
});

it('explains nothing without a row, whatever objects inherit', () => {
  for (const code of ['ELSE', 'toString']) {
    expect(explain(table, { code, place })).toBeUndefined();
  }
});
