import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { usesScript } from './uses.ts';

const root = join(import.meta.dirname, '../../..');

/** The commands that a script calls. */
const called = (text: string): string[] =>
  [...text.matchAll(/redis\.p?call\('([A-Z]+)'/g)].flatMap(([, command]) => command ?? []);

it('the probe calls in a script exactly the commands that scripts of the product call', () => {
  // The bridges of degraded-mode are for the apps of others; the doctor of cli asks as a stranger.
  const others = ['redis', 'degraded-mode', 'cli'].map((name) => join('packages', name));
  const files = globSync('{packages,services}/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts') && !others.some((folder) => file.startsWith(folder)),
  );
  const ofProduct = files.flatMap((file) => called(readFileSync(join(root, file), 'utf8')));
  expect(new Set(ofProduct).size).toBeGreaterThan(5);
  expect(new Set(called(usesScript))).toEqual(new Set(ofProduct));
});
