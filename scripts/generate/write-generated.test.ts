import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeGenerated } from './write-generated.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secureconnect-generate-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const generators = [{ file: 'docs/table.md', render: () => Promise.resolve('new\n') }];

test('a missing file is written, and its folder made', async () => {
  expect(await writeGenerated(generators, { root, check: false })).toEqual(['docs/table.md']);
  expect(readFileSync(join(root, 'docs/table.md'), 'utf8')).toBe('new\n');
  expect(await writeGenerated(generators, { root, check: true })).toEqual([]);
});

test('checking names a file that differs and leaves it as it is', async () => {
  await writeGenerated(generators, { root, check: false });
  writeFileSync(join(root, 'docs/table.md'), 'old\n');
  expect(await writeGenerated(generators, { root, check: true })).toEqual(['docs/table.md']);
  expect(readFileSync(join(root, 'docs/table.md'), 'utf8')).toBe('old\n');
});
