import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programSkipReason } from '@secureconnect/testkit';
import { it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';

const headings = ['Signing in with an OpenID provider', 'Deleting an account', 'Step-up'];
const withoutUnzip = programSkipReason(['unzip']);

async function printsWhatItSays(heading: string): Promise<void> {
  await using stack = await startStack();
  await using shell = openShell(root);
  await expectSectionHolds('docs/accounts.md', heading, { stack, shell });
}

it.each([...headings, 'Passwords', 'Sessions and devices', 'Refreshing'])(
  'docs/accounts.md, %s: prints what it says, command by command',
  printsWhatItSays,
);

it('docs/accounts.md, Cancelling a deletion and Sign-in without Redis: print what they say', async () => {
  await using stack = await startStack({
    ACCOUNT_DELETION_GRACE_HOURS: '24',
    SIGN_IN_WITHOUT_REDIS: 'durable',
  });
  await using shell = openShell(root);
  // As `npm start` has it.
  await mkdir(join(stack.directory, 'redis'));
  await writeFile(join(stack.directory, 'redis/redis.pid'), String(stack.redis.pid));
  for (const heading of ['Cancelling a deletion', 'Sign-in without Redis']) {
    await expectSectionHolds('docs/accounts.md', heading, { stack, shell });
  }
});

it.skipIf(withoutUnzip !== '')(
  `docs/accounts.md, Exporting your data: prints what it says, command by command${withoutUnzip}`,
  () => printsWhatItSays('Exporting your data'),
);
