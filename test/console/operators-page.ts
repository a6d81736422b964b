import { randomUUID } from 'node:crypto';
import { call } from '@secureconnect/testkit';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { changeRole } from '../../services/auth/src/change-role.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { problemsOf } from './chromium.ts';
import type { RunningStack } from './operators-events.ts';

export interface Admin {
  readonly email: string;
  readonly username: string;
  readonly password: string;
}

/** Registers somebody and gives them the role. */
export async function registerAdmin({ urls, databaseUrl }: RunningStack): Promise<Admin> {
  const username = `operator_${randomUUID().slice(0, 8)}`;
  const admin = { email: `${username}@example.com`, username, password: 'correct horse battery' };
  const { body } = await call(urls.gateway, 'POST', '/v1/auth/register', {
    body: { ...admin, display_name: 'Operator' },
  });
  const { user } = body.data as { readonly user: { readonly user_id: string } };
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  try {
    await changeRole(database, user.user_id, 'admin');
  } finally {
    await database.close();
  }
  return admin;
}

/** An operator's page, signed in, and what its console shows of problems. */
export async function signInAsOperator(
  browser: Browser,
  origin: string,
  { email, password }: Admin,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = problemsOf(page);
  await page.goto(`${origin}/console/operators/fleet`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Fleet' }).waitFor();
  return { page, problems };
}
