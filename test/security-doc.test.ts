import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
const protections = text.split('## Protections\n')[1]?.split('\n## ')[0] ?? '';
const claims = protections
  .split('\n')
  .filter((line) => line.startsWith('- '))
  .map((line) => ({ name: /\*\*(.+?)\.\*\*/.exec(line)?.[1] ?? line, line }));

it('lists protections', () => {
  expect(claims.length).toBeGreaterThan(8);
});

it.each(claims)('names the tests of its claim about: $name', ({ line }) => {
  const named = [...line.matchAll(/`([\w./-]+\.test\.ts)`/g)].map((match) => match[1] ?? '');
  expect(named).not.toEqual([]);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
