import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectAsTheReadmeSays } from '../test/readme-example.ts';

const example = join(import.meta.dirname, '../examples/ten-lines.ts');
const readme = join(import.meta.dirname, '../README.md');

it('the README has the example of a different dependency word for word', () => {
  const code = readFileSync(join(import.meta.dirname, '../examples/prices.ts'), 'utf8');
  expect(readFileSync(readme, 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
});

describe('the example of the README', () => {
  it('stands there word for word', () => {
    const code = readFileSync(example, 'utf8');
    expect(readFileSync(readme, 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  it('has ten lines beside its imports, none of them long', () => {
    const lines = readFileSync(example, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith('import '))).toHaveLength(10);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it('does what its rows say when Redis goes away, and recovers', async () => {
    await expectAsTheReadmeSays({ script: example });
  });
});
