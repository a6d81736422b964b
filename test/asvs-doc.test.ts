import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** The number of requirements in each section of the standard. */
const sections: Readonly<Record<string, number>> = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
  ...{ '9.1': 3, '9.2': 4 },
  ...{ '10.1': 2, '10.2': 3, '10.5': 5 },
};
const requirements = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
);

const rows = text
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [id = '', level = '', requirement = '', status = '', shown = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { id, level, requirement, status, shown };
  });

it('lists every requirement of these chapters, once and in their order', () => {
  expect(rows.map(({ id }) => id)).toEqual(requirements);
});

it.each(rows)('$id has a status that is shown', ({ level, requirement, status, shown }) => {
  expect(level).toMatch(/^[123]$/);
  expect(requirement).not.toBe('');
  expect(['met', 'not met', 'does not apply']).toContain(status);
  const tests = [...shown.matchAll(/`([\w./-]+\.test\.ts)`/g)].map((match) => match[1] ?? '');
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  if (status === 'met') expect(tests).not.toEqual([]);
  else expect(shown).not.toBe('');
});
