import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Findings, type Matrix } from '@secureconnect/degraded-mode/testing';
import { describe, expect, it } from 'vitest';
import { splitDoc } from './conformance-doc.ts';
import { markdownMatrix } from './matrix.ts';
import { keptLines, merged, WrittenMatrix } from './written-matrix.ts';

const path = join(import.meta.dirname, '../../docs/conformance.md');
const doc = splitDoc(readFileSync(path, 'utf8')).redis;
const rows = ['auth POST /a', 'auth POST /b'];
const modes = ['refused', 'slow (2 s)', 'failover'];

/** What was seen under some modes: everything right, except for the rows that are named. */
function seen(tried: readonly string[], wrong: readonly string[] = [], known = rows): Matrix {
  const findings = new Map(
    tried.map((mode) => {
      const found = new Findings();
      for (const row of known) found.saw(row);
      for (const row of wrong) found.wrong(row, 'it was wrong');
      return [mode, found] as const;
    }),
  );
  return { rows: known, modes: tried, findings };
}

function textOf(matrix: Matrix, before: string, updates: boolean): string {
  const written = new WrittenMatrix(before);
  const cell = merged(matrix, { modes, written, updates });
  return markdownMatrix({ rows: matrix.rows, modes, cell });
}

/** The table's lines of a text. */
const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => line.startsWith('| `'));

const whole = textOf(seen(modes), '', true);

describe('the matrix in docs/conformance.md', () => {
  it('is read as it was written', () => {
    expect(linesOf(whole)).toEqual([
      '| `auth POST /a` | ✓ | ✓ | ✓ |',
      '| `auth POST /b` | ✓ | ✓ | ✓ |',
    ]);
    const written = new WrittenMatrix(whole);
    for (const row of rows) for (const mode of modes) expect(written.of(row, mode)).toBe('✓');
    expect(written.of('auth POST /c', 'refused')).toBe('?');
    expect(written.of('auth POST /a', 'frozen')).toBe('?');
  });

  it('keeps its columns of modes that could not be had, and no others', () => {
    const before = textOf(seen(modes, ['auth POST /b']), '', true);
    expect(linesOf(textOf(seen(['refused', 'slow (2 s)']), before, true))).toEqual([
      '| `auth POST /a` | ✓ | ✓ | ✓ |',
      '| `auth POST /b` | ✓ | ✓ | ✗ |',
    ]);
  });

  it('is the same text, where all of it is as it was', () => {
    for (const tried of [modes, ['refused'], ['slow (2 s)', 'failover']]) {
      expect(textOf(seen(tried), whole, true)).toBe(whole);
    }
  });

  it('does not say of a new row what nobody has seen, and says why', () => {
    const more = [...rows, 'auth POST /new'];
    const text = textOf(seen(['refused', 'slow (2 s)'], [], more), whole, true);
    expect(linesOf(text).at(-1)).toBe('| `auth POST /new` | ✓ | ✓ | ? |');
    expect(text).toContain('? means that');
    expect(whole).not.toContain('? means that');
  });

  it('loses rows that are no longer there', () => {
    const text = textOf(seen(['refused'], [], ['auth POST /b']), whole, true);
    expect(linesOf(text)).toEqual(['| `auth POST /b` | ✓ | ✓ | ✓ |']);
  });

  it('may go on not knowing what a run with every mode has seen to be right, until it is written anew', () => {
    const more = [...rows, 'auth POST /new'];
    const before = textOf(seen(['refused'], [], more), whole, true);
    const all = seen(modes, [], more);
    expect(textOf(all, before, false)).toBe(before);
    expect(linesOf(textOf(all, before, true)).at(-1)).toBe('| `auth POST /new` | ✓ | ✓ | ✓ |');
    const wrong = seen(modes, ['auth POST /new'], more);
    expect(linesOf(textOf(wrong, before, false)).at(-1)).toBe('| `auth POST /new` | ✗ | ✗ | ✗ |');
  });

  it('is said to be kept, mode by mode', () => {
    const written = new WrittenMatrix(whole);
    expect(keptLines(seen(modes), { modes, written })).toEqual([]);
    const more = seen(['refused'], [], [...rows, 'auth POST /new']);
    expect(keptLines(more, { modes, written })).toEqual([
      'slow (2 s): 2 rows are kept as they were, not known of auth POST /new',
      'failover: 2 rows are kept as they were, not known of auth POST /new',
    ]);
  });

  it('names every mode that there is', async () => {
    const { modeNames } = await import('./modes.ts');
    for (const mode of modeNames) expect(doc).toContain(`. ${mode}\n`);
    const written = new WrittenMatrix(doc);
    const row = 'auth POST /v1/auth/login';
    expect(modeNames.map((mode) => written.of(row, mode))).toEqual(modeNames.map(() => '✓'));
  });
});
