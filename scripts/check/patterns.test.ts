import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPatterns } from './patterns.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secureconnect-patterns-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('a pattern that can take quadratic time is found, in packages and in services', () => {
  write('packages/a/src/a.ts', 'export const trim = (x: string) => x.replace(/ +$/, "");\n');
  write('services/b/src/deep/b.ts', 'export const spaces = / *([;=]) */g;\n');
  expect(readPatterns(root)).toEqual({
    count: 2,
    slow: [
      'packages/a/src/a.ts: / +$/ can take quadratic time or worse',
      'services/b/src/deep/b.ts: / *([;=]) */g can take quadratic time or worse',
    ],
  });
});

test('a pattern whose time is bounded passes, and what is no pattern is not taken for one', () => {
  write(
    'packages/a/src/a.ts',
    'export const half = (x: number) => x / 2 / 1;\nconst y = "/ +$/";\n',
  );
  write('services/b/src/b.ts', 'export const id = /^[\\w.-]{1,128}$/;\n');
  expect(readPatterns(root)).toEqual({ count: 1, slow: [] });
});

test('tests and the packages of tests are left out', () => {
  write('packages/a/src/a.test.ts', 'export const trim = / +$/;\n');
  write('packages/testkit/src/a.ts', 'export const trim = / +$/;\n');
  write('services/a/test/a.ts', 'export const trim = / +$/;\n');
  expect(readPatterns(root)).toEqual({ count: 0, slow: [] });
});
