import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adapted } from './support/adapted-command.ts';
import { consoleBlocks, normalized, withOutputs } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { startForReal } from './support/started-stack.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');

// UPDATE_README=1 writes what the commands print now, instead of comparing.
it('prints what the README says, command by command', { timeout: 180_000 }, async () => {
  const text = await readFile(readme, 'utf8');
  const blocks = consoleBlocks(text);
  expect(blocks.length).toBeGreaterThan(0);
  await using stack = await startForReal();
  await using shell = openShell(root);
  const outputs: string[][] = [];
  for (const { commands } of blocks) {
    const printed: string[] = [];
    for (const { command } of commands) {
      printed.push(normalized(await shell.run(adapted(command, stack))));
    }
    outputs.push(printed);
  }
  if (process.env['UPDATE_README'] === '1') {
    await writeFile(readme, withOutputs(text, outputs));
    return;
  }
  const documented = blocks.map(({ commands }) => commands.map(({ output }) => normalized(output)));
  expect(outputs).toEqual(documented);
});
