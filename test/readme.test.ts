import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleBlocks, normalized, withOutputs } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { type StartedStack, startForReal } from './support/started-stack.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
const documentedPorts = { gateway: 8080, auth: 8081, chat: 8082, video: 8083, storage: 8084 };

/** The command as it must be for a stack that runs beside the reader's own. */
function adapted(command: string, stack: StartedStack): string {
  let result = command.replaceAll('.data/', `${stack.dataDirectory}/`);
  for (const [name, port] of Object.entries(documentedPorts)) {
    const actual = stack.ports[name as keyof typeof documentedPorts];
    result = result.replaceAll(`localhost:${port}`, `127.0.0.1:${actual}`);
  }
  return result;
}

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
