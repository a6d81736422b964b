import { join } from 'node:path';
import { it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

it('docs/accounts.md, Second factor: each command prints what the page says', async () => {
  await using stack = await startStack();
  await using shell = openShell(root);
  const authenticator = join(import.meta.dirname, 'support/authenticator.ts');
  await shell.run(`oathtool() { node '${authenticator}' '${stack.directory}' "\${@: -1}"; }`);
  await expectSectionHolds('docs/accounts.md', 'Second factor', { stack, shell });
});
