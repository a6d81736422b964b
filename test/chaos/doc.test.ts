import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { invariants } from './invariants/index.ts';
import { profiles } from './profile.ts';
import { faultKinds } from './schedule.ts';

const doc = await readFile(join(import.meta.dirname, '../../docs/chaos.md'), 'utf8');

it('docs/chaos.md names every fault, every invariant and every profile, and no other', () => {
  const faults = doc.split('\n| done to')[1]?.split('\n\n')[0] ?? '';
  const cells = faults
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[2] ?? '');
  const named = cells.flatMap((cell) => cell.split(';').map((kind) => kind.trim()));
  expect(named.toSorted()).toEqual(faultKinds.toSorted());
  const listed = doc.match(/^- .*/gm) ?? [];
  expect(listed).toEqual(invariants.map(({ name }) => `- ${name}`));
  for (const { name } of profiles) {
    if (name !== 'everything') expect(doc).toContain(`--profile ${name}`);
  }
});
