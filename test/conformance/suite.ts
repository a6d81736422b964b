import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Findings,
  type Matrix,
  terminalMatrix,
  wrongOf,
} from '@secureconnect/degraded-mode/testing';
import { afterAll, describe, expect, it } from 'vitest';
import type { lostReplies } from './lost-replies.ts';
import { cellOf, markdownMatrix } from './matrix.ts';
import { type Mode, modeNames } from './modes.ts';
import { runMode } from './run-mode.ts';
import { rowName, tableRows } from './tables.ts';
import { merged, WrittenMatrix } from './written-matrix.ts';

/** A mode takes a quarter of a minute, on a busy machine one; one that hangs is still ended. */
const maxModeMs = 240_000;
const doc = join(import.meta.dirname, '../../docs/conformance.md');

/** The columns of docs/conformance.md as they are written. */
export async function readWrittenMatrix(): Promise<WrittenMatrix> {
  return new WrittenMatrix(await readFile(doc, 'utf8'));
}

/**
 * Declares the tests of some fault modes: every row does what it declares, and the modes' columns
 * are those of docs/conformance.md. The other columns stay as they are written. Each mode has a stack
 * of its own.
 */
export function describeConformance(modes: readonly (Mode | typeof lostReplies)[]): void {
  const rows = tableRows();
  const findings = new Map<string, Findings>();
  const matrix: Matrix = {
    rows: rows.map(rowName),
    modes: modes.map(({ name }) => name),
    findings,
  };

  describe('every row gives its declared outcome, at once, throughout and after', () => {
    it.each(modes)('while Redis is: $name', { timeout: maxModeMs }, async (mode) => {
      const found = new Findings();
      findings.set(mode.name, found);
      await ('run' in mode ? mode.run(rows, found) : runMode(mode, rows, found));
      expect(found.all()).toEqual([]);
    });

    it('and docs/conformance.md shows it', async () => {
      expect(wrongOf(matrix)).toEqual([]);
      const { snapshotState } = expect.getState();
      const updates = snapshotState.snapshotUpdateState === 'all';
      const written = await readWrittenMatrix();
      const cell = merged(matrix, { modes: modeNames, written, updates });
      const text = markdownMatrix({ rows: matrix.rows, modes: modeNames, cell });
      await expect(text).toMatchFileSnapshot(doc);
    });
  });

  afterAll(() => {
    process.stdout.write(`${terminalMatrix(matrix, (row, mode) => cellOf(matrix, row, mode))}\n`);
  });
}
