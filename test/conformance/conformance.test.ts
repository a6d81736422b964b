import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { Findings } from './findings.ts';
import { type Matrix, markdownMatrix, terminalMatrix, wrongOf } from './matrix.ts';
import { leftOut, modes } from './modes.ts';
import { runMode } from './run-mode.ts';
import { rowName, tableRows } from './tables.ts';
import { bothWays } from './ways.ts';

const rows = tableRows();
const findings = new Map<string, Findings>();
const matrix: Matrix = {
  rows: rows.map(rowName),
  modes: modes.map(({ name }) => name),
  findings,
};
/** A mode takes half a minute, on a busy machine two; one that hangs is still ended. */
const longestModeMs = 240_000;
const doc = join(import.meta.dirname, '../../docs/conformance.md');

it('has a sample for every row', () => {
  expect(bothWays(rows).length).toBeGreaterThanOrEqual(110);
});

describe('every row gives its declared outcome, at once, throughout and after', () => {
  it.each(modes)('while Redis is: $name', { timeout: longestModeMs }, async (mode) => {
    const found = new Findings();
    findings.set(mode.name, found);
    await runMode(mode, rows, found);
    expect(found.all()).toEqual([]);
  });

  it('and the whole of it stands in docs/conformance.md', async () => {
    expect(wrongOf(matrix)).toEqual([]);
    if (leftOut.length === 0) await expect(markdownMatrix(matrix)).toMatchFileSnapshot(doc);
    else expectNamed(await readFile(doc, 'utf8'));
  });
});

/** Without every mode the file cannot be compared as a whole; it still names what there is. */
function expectNamed(text: string): void {
  for (const row of matrix.rows) expect(text).toContain(`| \`${row}\` |`);
  for (const mode of [...matrix.modes, ...leftOut]) expect(text).toMatch(`. ${mode}\n`);
}

afterAll(() => {
  process.stdout.write(`${terminalMatrix(matrix)}\n`);
  if (leftOut.length > 0) {
    process.stdout.write(
      `left out, without SECURECONNECT_BACKENDS or redis-cli: ${leftOut.join(', ')}\n`,
    );
  }
});
