import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endpointOf, endpoints } from '../packages/contracts/src/index.ts';

const doc = await readFile(join(import.meta.dirname, '../docs/limits.md'), 'utf8');
const rows = doc.split('\n').filter((line) => line.startsWith('| `') || line.startsWith('| every'));

it('docs/limits.md lists every limit as it is', () => {
  const named = endpoints
    .filter(({ name }) => name !== 'default')
    .map(
      ({ method, path, name, perMinute, countedBy }) =>
        `| \`${method} ${path}\` | \`${name}\` | ${perMinute} | ${countedBy} |`,
    );
  expect(rows.slice(0, named.length).toSorted()).toEqual(named.toSorted());
  expect(rows).toHaveLength(named.length + 2);
});

it('docs/limits.md says how the rest is counted', () => {
  const { name, perMinute, countedBy } = endpointOf('GET', '/v1/users/me');
  expect(rows.at(-1)).toContain(`| \`${name}\` | ${perMinute} | ${countedBy} |`);
  for (const path of ['/health', '/v1/degraded', '/openapi.json']) {
    expect(endpointOf('GET', path)).toEqual({ name, perMinute, countedBy: 'address' });
    expect(rows.at(-2)).toContain(path);
  }
  const refresh = endpointOf('POST', '/v1/auth/refresh').perMinuteOfAddress;
  expect(doc).toContain(`one address has ${refresh} refreshes a minute (\`refresh-address\`)`);
});
