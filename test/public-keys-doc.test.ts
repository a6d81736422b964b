import { it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const secret = 'a secret that encrypts the keys of the test';

it('public keys are listed as docs/accounts.md says, command by command', async () => {
  await using stack = await startStack({ SIGNING_KEYS_SECRET: secret });
  await using shell = openShell(root);
  await shell.run(`export DATABASE_URL='${stack.databaseUrl}' SIGNING_KEYS_SECRET='${secret}'`);
  await expectSectionHolds('docs/accounts.md', 'Public keys', { stack, shell });
});
