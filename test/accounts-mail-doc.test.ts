import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { type Stack, startStack } from './support/stack.ts';

const root = join(import.meta.dirname, '..');
const doc = await readFile(join(root, 'docs/accounts.md'), 'utf8');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

/** The sections of docs/accounts.md whose flows need mails. */
it.each(['E-mail verification', 'Changing the e-mail address', 'Changing the password'])(
  'prints what docs/accounts.md says: %s',
  async (heading) => {
    const section = doc.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    const commands = consoleBlocks(section).flatMap((block) => block.commands);
    expect(commands.length).toBeGreaterThan(0);
    await using shell = openShell(root);
    for (const { command, output } of commands) {
      const own = command
        .replaceAll('localhost:8080', new URL(stack.urls.gateway).host)
        .replaceAll('.data/', `${stack.directory}/`);
      expect(normalized(await shell.run(own)), command).toBe(normalized(output));
    }
  },
);
