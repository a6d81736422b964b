import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** As `sha256sum` writes it; extended at each release by that. */
const list = readFileSync(join(import.meta.dirname, 'published-migrations.txt'), 'utf8');
const published = new Map(
  [...list.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, hash = '', file = '']) => [file, hash]),
);
const present = globSync('services/*/migrations/*.sql', { cwd: root }).sort();

it('a published migration is never changed: databases have run it', () => {
  expect(published.size).toBeGreaterThan(30);
  const hashes = [...published.keys()].map((file) => {
    const text = readFileSync(join(root, file));
    return [file, createHash('sha256').update(text).digest('hex')];
  });
  expect(hashes).toEqual([...published]);
});

it('a new migration has a higher number than the published ones, or no database upgrades', () => {
  const early = present.filter(
    (file) =>
      !published.has(file) &&
      [...published.keys()].some(
        (other) => dirname(other) === dirname(file) && basename(other) > basename(file),
      ),
  );
  expect(early).toEqual([]);
});
