import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitOf } from '@secureconnect/contracts';
import { httpEndpoints } from '@secureconnect/contracts/endpoints/all';
import { expect, it } from 'vitest';

const doc = await readFile(join(import.meta.dirname, '../docs/limits.md'), 'utf8');
const rows = doc.split('\n').filter((line) => line.startsWith('| `') || line.startsWith('| every'));

it('docs/limits.md lists every limit as it is', () => {
  const named = httpEndpoints.flatMap(({ route, limit }) =>
    limit === undefined || limit.bucket === 'default'
      ? []
      : [`| \`${route}\` | \`${limit.bucket}\` | ${limit.perMinute} | ${limit.countedBy} |`],
  );
  expect(rows.slice(0, named.length).toSorted()).toEqual(named.toSorted());
  expect(rows).toHaveLength(named.length + 2);
});

it('docs/limits.md says how the rest is counted', () => {
  const { bucket, perMinute, countedBy } = limitOf('GET', '/v1/users/me');
  expect(rows.at(-1)).toContain(`| \`${bucket}\` | ${perMinute} | ${countedBy} |`);
  for (const path of ['/health', '/v1/degraded', '/openapi.json', '/asyncapi.json', '/docs']) {
    expect(limitOf('GET', path)).toEqual({ bucket, perMinute, countedBy: 'address' });
    expect(rows.at(-2)).toContain(path);
  }
  const refresh = limitOf('POST', '/v1/auth/refresh').perMinuteOfAddress;
  expect(doc).toContain(`one address has ${refresh} refreshes a minute (\`refresh-address\`)`);
});
