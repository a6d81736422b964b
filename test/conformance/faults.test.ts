import {
  Findings,
  type Matrix,
  terminalMatrix,
  wrongOf,
} from '@secureconnect/degraded-mode/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { expectDoc, readConformanceDoc, updatesDoc } from './conformance-doc.ts';
import { lostReplies } from './lost-replies.ts';
import { cellOf, markdownMatrix } from './matrix.ts';
import { modeNames, modes } from './modes.ts';
import { runMode } from './run-mode.ts';
import { rowName, tableRows } from './tables.ts';
import { keptLines, merged, WrittenMatrix } from './written-matrix.ts';

/** A mode takes a quarter of a minute, on a busy machine one; one that hangs is still ended. */
const maxModeMs = 240_000;

/** The columns of docs/conformance.md as they are written. */
async function readWrittenMatrix(): Promise<WrittenMatrix> {
  return new WrittenMatrix((await readConformanceDoc()).redis);
}

const rows = tableRows();
/** The faults that can be had here, each with a stack of its own; the other columns stay. */
const tried = [...modes, lostReplies];
const findings = new Map<string, Findings>();
const matrix: Matrix = {
  rows: rows.map(rowName),
  modes: tried.map(({ name }) => name),
  findings,
};

describe('every row gives its declared outcome, at once, throughout and after', () => {
  it.each(tried)('while Redis is: $name', { timeout: maxModeMs }, async (mode) => {
    const found = new Findings();
    findings.set(mode.name, found);
    await ('run' in mode ? mode.run(rows, found) : runMode(mode, rows, found));
    expect(found.all()).toEqual([]);
  });

  it('and docs/conformance.md shows it', async () => {
    expect(wrongOf(matrix)).toEqual([]);
    const written = await readWrittenMatrix();
    const cell = merged(matrix, { modes: modeNames, written, updates: updatesDoc() });
    await expectDoc({ redis: markdownMatrix({ rows: matrix.rows, modes: modeNames, cell }) });
  });
});

it('says which failovers could not be had', async () => {
  const kept = keptLines(matrix, { modes: modeNames, written: await readWrittenMatrix() });
  if (kept.length > 0) {
    const lines = ['left out, without SECURECONNECT_BACKENDS or redis-cli:', ...kept];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  expect(kept).toHaveLength(modeNames.length - tried.length);
});

afterAll(() => {
  process.stdout.write(`${terminalMatrix(matrix, (row, mode) => cellOf(matrix, row, mode))}\n`);
});
