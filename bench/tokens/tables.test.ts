import { expect, it } from 'vitest';
import { subjects } from './names.ts';
import { tokenTables } from './tables.ts';

const figures = subjects.map((subject) => ({
  ...subject,
  firstMicroseconds: subject.verifier === 'ours' ? 50 : 40,
  againMicroseconds: subject.verifier === 'ours' ? 5 : 40,
}));
const results = { runs: 3, tokens: 5000, machine: 'a machine' };

it('the table has ours beside a peer for each algorithm, with the ratio', () => {
  expect(tokenTables({ ...results, figures })).toBe(
    [
      'Medians of 3 runs of 5,000 tokens on a machine.',
      '',
      '|  |  | first use, µs | each further use, µs |',
      '| --- | ---: | ---: | ---: |',
      '| HS256 | ours | 50 | 5 |',
      '| HS256 | jsonwebtoken | 40 | 40 |',
      '|  | ours ÷ jsonwebtoken | 1.25 × | 0.13 × |',
      '| EdDSA | ours | 50 | 5 |',
      '| EdDSA | jose | 40 | 40 |',
      '|  | ours ÷ jose | 1.25 × | 0.13 × |',
      '| RS256 | ours | 50 | 5 |',
      '| RS256 | jsonwebtoken | 40 | 40 |',
      '|  | ours ÷ jsonwebtoken | 1.25 × | 0.13 × |',
    ].join('\n'),
  );
});

it('figures of an algorithm that were not measured are no table', () => {
  const some = figures.filter(({ algorithm }) => algorithm !== 'RS256');
  expect(() => tokenTables({ ...results, figures: some })).toThrow('no figures of RS256');
});
