import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const root = join(import.meta.dirname, '..');
const doc = await readFile(join(root, 'docs/accounts.md'), 'utf8');
const secret = 'a secret that encrypts the keys of the test';

it('public keys are listed as docs/accounts.md says, command by command', async () => {
  const section = doc.split('\n## Public keys\n')[1]?.split('\n## ')[0] ?? '';
  const commands = consoleBlocks(section).flatMap((block) => block.commands);
  expect(commands.length).toBeGreaterThan(0);
  await using stack = await startStack({ SIGNING_KEYS_SECRET: secret });
  await using shell = openShell(root);
  await shell.run(`export DATABASE_URL='${stack.databaseUrl}' SIGNING_KEYS_SECRET='${secret}'`);
  for (const { command, output } of commands) {
    const own = command.replaceAll('localhost:8080', new URL(stack.urls.gateway).host);
    expect(normalized(await shell.run(own)), command).toBe(normalized(output));
  }
});
