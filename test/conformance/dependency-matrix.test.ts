import { describe, expect, it } from 'vitest';
import { splitDoc } from './conformance-doc.ts';
import { dependencySection, dependencyShape } from './dependency-matrix.ts';
import type { TableRow } from './tables.ts';
import { WrittenMatrix } from './written-matrix.ts';

/** A row, and which dependency backs each of its ports. */
function rowOn(route: string, backedBy: Readonly<Record<string, string>>): TableRow {
  const whenDown = Object.fromEntries(Object.keys(backedBy).map((port) => [port, 'skip'] as const));
  return {
    ...{ service: 'storage', kind: 'http', method: 'GET' },
    policy: { route, operation: 'x', whenRedisDown: {}, whenDown, backedBy },
  } as unknown as TableRow;
}

const rows = [
  rowOn('GET /files', { objects: 'object_store' }),
  rowOn('POST /files', { objects: 'object_store', scans: 'scan_hook' }),
  rowOn('GET /quota', {}),
];
const bySelf = {
  faults: [
    { dependency: 'object_store', name: 'gone' },
    { dependency: 'scan_hook', name: 'hangs' },
  ],
  serves: () => true,
};
const byOthers = {
  faults: [{ dependency: 'object_store', name: 'frozen' }],
  serves: ({ policy }: TableRow) => policy.route !== 'GET /files',
};
const shape = dependencyShape([bySelf, byOthers], rows);

describe('the table of other dependencies in docs/conformance.md', () => {
  it('has each row under the faults of what it uses and is served by', () => {
    const lines = dependencySection(shape, () => '✓').split('\n');
    expect(lines.filter((line) => /^(\d+\.|\| `)/.test(line))).toEqual([
      '1. object_store: gone',
      '2. scan_hook: hangs',
      '3. object_store: frozen',
      '| `storage GET /files` | ✓ | – | – |',
      '| `storage POST /files` | ✓ | ✓ | ✓ |',
    ]);
  });

  it('takes no two faults by one name', () => {
    expect(() => dependencyShape([bySelf, bySelf], rows)).toThrow('"object_store: gone"');
  });

  it('is read as it was written, apart from the table of Redis', () => {
    const dependencies = dependencySection(shape, (_, fault) =>
      fault.endsWith('gone') ? '✗' : '?',
    );
    const redis =
      '# Every row\n\n1. refused\n\n| row | 1 |\n|---|---|\n| `storage GET /files` | ✓ |\n';
    const doc = splitDoc(`${redis}\n${dependencies}`);
    expect(doc).toEqual({ redis, dependencies });
    expect(dependencies).toContain('? means that');
    const written = new WrittenMatrix(doc.dependencies);
    expect(shape.faults.map((fault) => written.of('storage POST /files', fault))).toEqual([
      '✗',
      '?',
      '?',
    ]);
    expect(shape.faults.map((fault) => written.of('storage GET /files', fault))).toEqual([
      '✗',
      '?',
      '?',
    ]);
    expect(written.of('storage GET /files', 'refused')).toBe('?');
  });
});
