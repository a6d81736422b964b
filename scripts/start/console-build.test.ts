import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildConsoleIfOlder, isOlder } from './console-build.ts';
import { Progress } from './progress.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'console-build-'));
  write('console/src/app/main.tsx', 1000);
  write('packages/client/src/index.ts', 1000);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, seconds: number, text = ''): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  utimesSync(join(root, file), seconds, seconds);
}

/** In place of Vite. */
const vite = 'console/node_modules/vite/bin/vite.js';

async function linesOfBuild(): Promise<string[]> {
  const lines: string[] = [];
  await buildConsoleIfOlder(root, new Progress((line) => lines.push(line)));
  return lines.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''));
}

describe('the console is built', () => {
  it('where it is not built, and where a source is newer', () => {
    expect(isOlder(root)).toBe(true);
    write('console/dist/index.html', 2000);
    expect(isOlder(root)).toBe(false);
    write('packages/client/src/index.ts', 3000);
    expect(isOlder(root)).toBe(true);
  });

  it('with a line of progress, once', async () => {
    write(
      vite,
      1,
      "require('fs').mkdirSync('dist'); require('fs').writeFileSync('dist/index.html', '')",
    );
    expect(await linesOfBuild()).toEqual(['building the console']);
    expect(await linesOfBuild()).toEqual([]);
  });

  it('or not, and the start goes on', async () => {
    write(vite, 1, "console.error('no such plugin'); process.exitCode = 3");
    expect(await linesOfBuild()).toEqual([
      'building the console',
      'the console is not built, and everything else starts: the build ended with 3. Run npm run build:console. no such plugin',
    ]);
  });
});
