import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const doc = await readFile(join(root, 'docs/console.md'), 'utf8');

/** All that a pattern finds in a source of the console: its first group, once each, sorted. */
async function foundIn(path: string, pattern: RegExp): Promise<string[]> {
  const source = await readFile(join(root, 'console/src', path), 'utf8');
  return [...new Set([...source.matchAll(pattern)].map(([, group = '']) => group))].sort();
}

describe('docs/console.md', () => {
  it('names every address of the console, and no other', async () => {
    const areas = await foundIn('app/app.tsx', /path === '(\/[^']+)'/g);
    const pages = await foundIn('operators/operators.tsx', /path: '(\/[^']+)'/g);
    expect(areas).toContain('/sign-in');
    expect(pages).toContain('/operators/fleet');
    const named = [...doc.matchAll(/`\/console(\/[^`]+)`/g)].map(([, path = '']) => path);
    expect([...new Set(named)].sort()).toEqual([...areas, ...pages].sort());
  });

  it('names the pages of operators as the console does, in its order', async () => {
    const source = await readFile(join(root, 'console/src/operators/operators.tsx'), 'utf8');
    const shown = [...source.matchAll(/path: '([^']+)', name: '([^']+)'/g)];
    const rows = [...doc.matchAll(/^\| (\w+) \| `\/console(\/operators\/\w+)` \|/gm)];
    expect(shown.length).toBeGreaterThan(0);
    expect(rows.map(([, name, path]) => [path, name])).toEqual(
      shown.map(([, path, name]) => [path, name]),
    );
  });
});
