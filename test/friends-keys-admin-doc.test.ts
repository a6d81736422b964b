import { call, eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { expectSectionHolds, root } from './support/documented-section.ts';
import { openShell } from './support/shell.ts';
import { startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';

const sections = ['Friends', 'End-to-end keys', 'Audit log', 'Administrators'];

const registration = (username: string) => ({
  email: `${username}@example.com`,
  username,
  password: 'correct horse battery',
  display_name: username,
});

it('friends, keys, audit log and administrators do what docs/accounts.md says', {
  timeout: 60_000,
}, async () => {
  await using stack = await startStack();
  await using shell = openShell(root);
  for (const username of ['ada', 'bob']) {
    const body = registration(username);
    const { status } = await call(stack.urls.gateway, 'POST', '/v1/auth/register', { body });
    expect(status).toBe(201);
  }
  await untilSealed(stack.databaseUrl);
  await shell.run(`export DATABASE_URL='${stack.databaseUrl}'`);
  for (const heading of sections) {
    await expectSectionHolds('docs/accounts.md', heading, { stack, shell });
  }
});

async function untilSealed(databaseUrl: string): Promise<void> {
  const database = openTestDatabase(databaseUrl);
  try {
    await eventually(async () => {
      expect(await database.query('SELECT 1 FROM auth.audit_chain LIMIT 1')).toHaveLength(1);
    });
  } finally {
    await database.close();
  }
}
