import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { Findings } from './findings.ts';
import { type Matrix, markdownMatrix, terminalMatrix, wrongOf } from './matrix.ts';
import { modeNames, modes } from './modes.ts';
import { runMode } from './run-mode.ts';
import { rowName, tableRows } from './tables.ts';
import { bothWays } from './ways.ts';
import { keptLines, merged, WrittenMatrix } from './written-matrix.ts';

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
const written = new WrittenMatrix(await readFile(doc, 'utf8'));
const kept = keptLines(matrix, { modes: modeNames, written });

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
    const { snapshotState } = expect.getState();
    const updates = snapshotState.snapshotUpdateState === 'all';
    const cell = merged(matrix, { modes: modeNames, written, updates });
    const text = markdownMatrix({ rows: matrix.rows, modes: modeNames, cell });
    await expect(text).toMatchFileSnapshot(doc);
  });
});

afterAll(() => {
  process.stdout.write(`${terminalMatrix(matrix)}\n`);
  if (kept.length > 0) {
    const lines = ['left out, without SECURECONNECT_BACKENDS or redis-cli:', ...kept];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
});
