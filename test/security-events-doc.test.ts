import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { securityEvents } from '@secureconnect/service';
import { expect, it } from 'vitest';

const doc = readFileSync(join(import.meta.dirname, '../docs/observability.md'), 'utf8');

it('docs/observability.md lists every security event with its level and when it comes', () => {
  const section = doc.split('## Security events\n')[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    Object.entries(securityEvents).map(
      ([name, { level, when }]) => `| \`${name}\` | ${level} | ${when} |`,
    ),
  );
});
