import { expect, it } from 'vitest';
import { lostReplies } from './lost-replies.ts';
import { modeNames, modes } from './modes.ts';
import { describeConformance, readWrittenMatrix } from './suite.ts';
import { rowName, tableRows } from './tables.ts';
import { keptLines } from './written-matrix.ts';

const rows = tableRows();

describeConformance([...modes, lostReplies]);

it('says which failovers could not be had', async () => {
  const matrix = {
    rows: rows.map(rowName),
    modes: modes.map(({ name }) => name),
    findings: new Map(),
  };
  const kept = keptLines(matrix, { modes: modeNames, written: await readWrittenMatrix() });
  if (kept.length > 0) {
    const lines = ['left out, without SECURECONNECT_BACKENDS or redis-cli:', ...kept];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  expect(kept).toHaveLength(modeNames.length - modes.length);
});
