import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = join(import.meta.dirname, 'setup-state.js');
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-state-'));
  for (const folder of ['node_modules', 'packages/a/node_modules', 'services/b', 'bench']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const folder of ['.', 'packages/a', 'services/b', 'bench']) {
    writeFileSync(join(root, folder, 'package.json'), '{}');
  }
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) writeFileSync(join(root, file), '');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Whether the script says that everything is installed. */
function isInstalled(): boolean {
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: root });
  if (status !== 0 && status !== 1) throw new Error(String(stderr));
  if (status === 1) expect(String(stderr)).toBe('');
  return status === 0;
}

function keep(): void {
  expect(spawnSync(process.execPath, [script, '--keep'], { cwd: root }).status).toBe(0);
}

it('is up to date after an installation was noted, and not before', () => {
  expect(isInstalled()).toBe(false);
  keep();
  expect(isInstalled()).toBe(true);
});

it.each([
  ['another lockfile', () => writeFileSync(join(root, 'pnpm-lock.yaml'), 'b')],
  ['another workspace', () => writeFileSync(join(root, 'pnpm-workspace.yaml'), 'b')],
  ['another manifest', () => writeFileSync(join(root, 'services/b/package.json'), '{ }')],
  [
    'a new package',
    () => cpSync(join(root, 'services/b'), join(root, 'services/c'), { recursive: true }),
  ],
  ['a removed package', () => rmSync(join(root, 'packages/a'), { recursive: true })],
  [
    'removed dependencies of a package',
    () => rmSync(join(root, 'packages/a/node_modules'), { recursive: true }),
  ],
  [
    'removed dependencies of the root',
    () => rmSync(join(root, 'node_modules'), { recursive: true }),
  ],
])('is not up to date with %s', (_what, change) => {
  keep();
  change();
  expect(isInstalled()).toBe(false);
});
