import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programSkipReason } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { consoleBlocks, normalized } from './support/console-block.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const root = join(import.meta.dirname, '..');
const doc = await readFile(join(root, 'docs/accounts.md'), 'utf8');
const headings = ['Signing in with an OpenID provider', 'Deleting an account', 'Step-up'];
const withoutUnzip = programSkipReason(['unzip']);

async function printsWhatItSays(heading: string): Promise<void> {
  const section = doc.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const commands = consoleBlocks(section).flatMap((block) => block.commands);
  expect(commands.length).toBeGreaterThan(0);
  await using stack = await startStack();
  await using shell = openShell(root);
  for (const { command, output } of commands) {
    const own = command
      .replaceAll('localhost:8080', new URL(stack.urls.gateway).host)
      .replaceAll('.data/', `${stack.directory}/`);
    expect(normalized(await shell.run(own)), command).toBe(normalized(output));
  }
}

it.each(headings)(
  'docs/accounts.md, %s: prints what it says, command by command',
  printsWhatItSays,
);

it.skipIf(withoutUnzip !== '')(
  `docs/accounts.md, Exporting your data: prints what it says, command by command${withoutUnzip}`,
  () => printsWhatItSays('Exporting your data'),
);
