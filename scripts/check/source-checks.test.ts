import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLongFiles, longLines } from './file-lengths.ts';
import { findForbiddenLines } from './forbidden-lines.ts';
import { findShellScripts } from './shell-scripts.ts';
import { sourceFiles } from './source-files.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secureconnect-sources-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('installed packages and data are not source files', () => {
  write('src/a.ts', '');
  write('.ci/run', '');
  write('node_modules/x/index.js', '');
  write('services/a/node_modules/x/index.js', '');
  write('.data/postgres/PG_VERSION', '');
  expect(sourceFiles(root)).toEqual(['.ci/run', 'src/a.ts']);
});

test('paths of one machine and addresses of registries are found, with their line', () => {
  // Put together here, so that this file is not itself a finding.
  const homeFolder = ['', 'home', 'someone', 'project'].join('/');
  const registry = ['https:', '', 'registry.example.org', 'x.tgz'].join('/');
  write('docs/a.md', `fine\nsee ${homeFolder}\n`);
  write('docs/b.md', `from ${registry}\n`);
  write('.npmrc', `${'registry'}=somewhere\n`);
  write('pnpm-lock.yaml', `packages:\n  x:\n    ${'tarball'}: y.tgz\n`);
  expect(findForbiddenLines(root)).toEqual([
    '.npmrc:1: the address of a registry',
    'docs/a.md:2: a path of one machine',
    'docs/b.md:1: the address of a registry',
    'pnpm-lock.yaml:3: an address in the lockfile',
  ]);
});

test('what a merge has left is found, and no heading underlined by signs', () => {
  write('docs/a.md', ['Title', '='.repeat(7), `${'<'.repeat(7)} HEAD`].join('\n'));
  expect(findForbiddenLines(root)).toEqual(['docs/a.md:3: a marker of a merge conflict']);
});

test('ordinary addresses and paths are let through', () => {
  write('docs/a.md', 'https://example.org/home/page/1 and /home/node/app and ./work/x/y\n');
  write('image.bin', `\0${['', 'home', 'someone', ''].join('/')}`);
  expect(findForbiddenLines(root)).toEqual([]);
});

test('long files are listed, the longest first', () => {
  write('short.ts', 'x\n'.repeat(longLines));
  write('long.ts', 'x\n'.repeat(longLines + 1));
  write('longer.ts', 'x\n'.repeat(longLines + 2));
  write('long.md', 'x\n'.repeat(longLines + 1));
  expect(findLongFiles(root)).toEqual([
    { file: 'longer.ts', lines: longLines + 2 },
    { file: 'long.ts', lines: longLines + 1 },
  ]);
});

test('shell scripts are known by their name or their first line', () => {
  write('.ci/run', '#!/usr/bin/env bash\n');
  write('tools/a.sh', 'true\n');
  write('tools/node-script', '#!/usr/bin/env node\n');
  write('LICENSE', 'text\n');
  expect(findShellScripts(root)).toEqual(['.ci/run', 'tools/a.sh']);
});
