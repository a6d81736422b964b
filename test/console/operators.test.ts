import { call, programSkipReason } from '@secureconnect/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { seriousFindings } from './accessibility.ts';
import { builtConsole } from './built-console.ts';
import { startChromium } from './chromium.ts';
import { ageSessions, giveUpOneMail, sendAlerts } from './operators-events.ts';
import { type Admin, registerAdmin, signInAsOperator } from './operators-page.ts';

const missing = programSkipReason(['chromium']);
const pages = ['Fleet', 'Timeline', 'Drills', 'Alerts', 'Accounts', 'Audit', 'Outbox'];

describe.skipIf(missing !== '')(`operators in the console${missing}`, { timeout: 240_000 }, () => {
  const parts = new AsyncDisposableStack();
  let stack: Stack;
  let browser: Browser;
  let admin: Admin;
  let page: Page;
  let problems: readonly string[];

  const headline = () => page.getByRole('status').first();
  const rowOf = (route: string) =>
    page.getByRole('row').filter({ has: page.getByText(route, { exact: true }) });
  const open = async (name: string, on = page): Promise<void> => {
    await on.getByRole('navigation', { name: 'Operators' }).getByRole('link', { name }).click();
    await on.getByRole('heading', { level: 1, name }).waitFor();
  };

  beforeAll(async () => {
    await builtConsole();
    stack = parts.use(await startStack());
    admin = await registerAdmin(stack);
    browser = await startChromium();
    parts.defer(() => browser.close());
    const signedIn = await signInAsOperator(browser, stack.urls.gateway, admin);
    ({ page, problems } = signedIn);
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('see that everything works, and find a route', async () => {
    const areas = page.getByRole('navigation', { name: 'Areas' });
    await areas.getByRole('link', { name: 'Operators' }).waitFor();
    await headline().getByText('Everything works').waitFor();
    await page.getByLabel('Search').fill('auth/login');
    await rowOf('POST /v1/auth/login').getByText('normal', { exact: true }).waitFor();
    await rowOf('POST /v1/auth/login').getByText('fail closed', { exact: false }).first().waitFor();
    expect(await rowOf('GET /v1/conversations').count()).toBe(0);
    await page.getByLabel('Search').fill('');
  });

  it('see within seconds which routes refuse and which go on when Redis stops, and why', async () => {
    await stack.redis.kill();
    await headline()
      .getByText(/^Redis cannot be reached since .* \(.+\)$/)
      .waitFor();
    await headline()
      .getByText(/\d+ refuse, \d+ go on with a fallback/)
      .waitFor();
    await rowOf('POST /v1/auth/login').getByText('refuses', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption({ label: 'goes on with a fallback' });
    expect(await rowOf('POST /v1/auth/login').count()).toBe(0);
    await rowOf('POST /v1/messages').getByText('goes on', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption({ label: 'all' });
  });

  it('see when it is over, and find the outage in the timeline', async () => {
    await stack.redis.restart({ empty: true });
    await headline().getByText('Everything works').waitFor();
    await open('Timeline');
    const outage = page.getByRole('row').filter({ hasText: 'chat' }).first();
    await outage.getByText('degraded').waitFor();
    expect(await outage.getByText('still going on').count()).toBe(0);
  });

  it('begin a drill of one port of one instance, see it in the fleet, and end it', async () => {
    await open('Drills');
    await page.getByText('No drill is under way.').waitFor();
    const instances = page.getByLabel('Instance');
    await instances.getByRole('option').nth(1).waitFor({ state: 'attached' });
    await instances.selectOption({ index: 1 });
    await page.getByLabel('Port').selectOption('presence');
    await page.getByRole('button', { name: 'Begin the drill' }).click();
    await page.getByText('the port presence').waitFor();
    await page.getByText(/^chat \(only [0-9a-f]{8}\)$/).waitFor();
    await open('Fleet');
    await headline()
      .getByText(/^A drill is under way until/)
      .waitFor();
    await open('Drills');
    await page.getByRole('button', { name: 'End the drill of chat' }).click();
    await page.getByText('No drill is under way.').waitFor();
  });

  it('disable an account and enable it again', async () => {
    const other = await registerAdmin(stack);
    await open('Accounts');
    await page.getByRole('searchbox').fill(other.username);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('button', { name: `Disable: ${other.username}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page
      .getByRole('row')
      .getByText(/^disabled/)
      .waitFor();
    await page.getByRole('button', { name: `Enable: ${other.username}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('row').getByText('enabled').waitFor();
  });

  it('prove who they are before a sensitive change, minutes after they have signed in', async () => {
    await ageSessions(stack);
    await open('Drills');
    await page.getByRole('button', { name: 'Begin the drill' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel('Password or code').fill('a wrong password');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password or code').fill(admin.password);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'End the drill of chat' }).click();
    await page.getByText('No drill is under way.').waitFor();
  });

  it('find in the audit log what they have done', async () => {
    await open('Audit');
    const disabled = page.getByRole('row').filter({ hasText: 'user disabled' }).first();
    await disabled.getByText(admin.username).waitFor();
    await page.getByRole('row').filter({ hasText: 'drill begun' }).first().waitFor();
  });

  it('see alerts, and the resources of a storm', async () => {
    await open('Alerts');
    await page.getByText('There are none.').waitFor();
    await sendAlerts(stack, 15);
    const storm = page.getByRole('listitem').filter({ hasText: 'storm of' });
    await storm.getByText(/^Alerts of \d+ resources$/).click();
    await storm.getByText('shop:Pod:pod-14').waitFor();
    await page.getByText('Pods restart without end.').first().waitFor();
  });

  it('see what the outbox has given up', async () => {
    await open('Outbox');
    await page.getByRole('heading', { name: 'Given up: 0' }).waitFor();
    await giveUpOneMail(stack);
    await page.getByRole('heading', { name: 'Given up: 1' }).waitFor();
    await page.getByRole('row').getByText('MAILBOX_UNAVAILABLE').waitFor();
  });

  it('are administrators, and nobody else reads their lists', async () => {
    const { body } = await call(stack.urls.gateway, 'POST', '/v1/auth/register', {
      body: {
        ...{ email: 'ada@example.com', username: 'ada_reader', display_name: 'Ada' },
        password: 'correct horse battery',
      },
    });
    const { access_token: token } = body.data as { readonly access_token: string };
    for (const path of [
      '/api/v1/admin/remediation-requests',
      '/v1/admin/audit',
      '/v1/admin/outbox',
    ]) {
      const { status } = await call(stack.urls.gateway, 'GET', path, { token });
      expect({ path, status }).toEqual({ path, status: 403 });
      const { status: ofStranger } = await call(stack.urls.gateway, 'GET', path);
      expect({ path, ofStranger }).toEqual({ path, ofStranger: 401 });
    }
  });

  it('see that the state is old when the gateway cannot be reached', async () => {
    await open('Fleet');
    await headline().getByText('Everything works').waitFor();
    await page.context().setOffline(true);
    await headline().getByText('The state is not known').waitFor();
    await page.context().setOffline(false);
    await headline().getByText('Everything works').waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'read every page with a screen reader, and on a phone without scrolling sideways: %s',
    async (colorScheme) => {
      const options = { colorScheme, viewport: { width: 375, height: 800 } };
      const phone = await signInAsOperator(browser, stack.urls.gateway, admin, options);
      for (const name of pages) {
        await open(name, phone.page);
        await phone.page.getByText(/^Loading /).waitFor({ state: 'detached' });
        expect({ name, found: await seriousFindings(phone.page) }).toEqual({ name, found: [] });
        const excess =
          'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect({ name, excess: await phone.page.evaluate(excess) }).toEqual({ name, excess: 0 });
      }
      expect(phone.problems).toEqual([]);
    },
  );

  it('break no rule of the policy on any page', () => {
    expect(problems).toEqual([]);
  });
});
