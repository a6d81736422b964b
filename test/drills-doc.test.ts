import { call } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { changeRole } from '../services/auth/src/change-role.ts';
import { runGatewayTest } from './kubernetes/gateway-test.ts';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';

const ada = {
  email: 'ada@example.com',
  username: 'ada',
  password: 'correct horse battery',
  display_name: 'Ada',
};

it('a drill and the fleet are as docs/operations.md says', { timeout: 60_000 }, async () => {
  await using stack = await startStack();
  await using shell = openShell(root);
  const { body } = await call(stack.urls.gateway, 'POST', '/v1/auth/register', { body: ada });
  const { access_token: token, user } = body.data as {
    readonly access_token: string;
    readonly user: { readonly user_id: string };
  };
  await makeAdmin(stack.databaseUrl, user.user_id);
  expect(await shell.run(`export ADA_TOKEN='${token}'`)).toBe('');
  for (const heading of ['Fleet', 'Drills']) {
    await expectSectionHolds('docs/operations.md', heading, { stack, shell });
  }
  // The fleet is what `helm test` looks at, too.
  expect(await runGatewayTest(stack.urls.gateway)).toMatchObject({ code: 0 });
});

async function makeAdmin(url: string, userId: string): Promise<void> {
  const database = openTestDatabase(url, { maxConnections: 1 });
  try {
    await changeRole(database, userId, 'admin');
  } finally {
    await database.close();
  }
}
