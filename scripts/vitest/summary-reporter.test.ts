import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
// Below the root, so that 'vitest' is found; not below a folder that the projects look into.
const folder = mkdtempSync(join(root, 'node_modules/.cache/summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const test = "import { test } from 'vitest';\n";

/** Runs a vitest of its own over one file and returns its last line and exit code. */
async function resultOf(testFile: string): Promise<{ line: string | undefined; code: number }> {
  const reporters = ['default', join(import.meta.dirname, 'summary-reporter.ts')];
  const config = { test: { include: ['*.test.js'], exclude: [], reporters } };
  writeFileSync(join(folder, 'sample.test.js'), testFile);
  writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(config)};`);
  const run = spawn(process.execPath, [vitest, 'run', '--root', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [output, [code]] = await Promise.all([text(run.stdout), once(run, 'close')]);
  return { line: output.split('\n').at(-2), code };
}

describe('the last line of a test run', () => {
  it('counts what passed', async () => {
    const passing = `${test} test('a', () => {}); test('b', () => {});`;
    expect(await resultOf(passing)).toEqual({ line: '2 passed, 0 failed', code: 0 });
  });

  it('counts what failed and what was skipped', async () => {
    const mixed = `${test} test('a', () => {}); test('b', () => { throw new Error(); }); test.skip('c');`;
    expect(await resultOf(mixed)).toEqual({ line: '1 passed, 1 failed, 1 skipped', code: 1 });
  });

  it('counts a file that does not load', async () => {
    const broken = "throw new Error('at load');";
    expect(await resultOf(broken)).toEqual({ line: '0 passed, 1 failed', code: 1 });
  });

  it('counts an error outside the tests', async () => {
    const leaking = `${test} test('a', async () => {
      Promise.reject(new Error('lost'));
      await new Promise(setImmediate);
    });`;
    expect(await resultOf(leaking)).toEqual({ line: '1 passed, 1 failed', code: 1 });
  });

  it('never shows 0 failed for a failed run, such as one without a test', async () => {
    expect(await resultOf('export {};')).toEqual({ line: '0 passed, 1 failed', code: 1 });
  });
});
