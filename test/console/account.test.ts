import { eventually, programSkipReason } from '@secureconnect/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../../services/auth/test/totp-code.ts';
import { startForReal } from '../support/started-stack.ts';
import { seriousFindings } from './accessibility.ts';
import { problemsOf, startChromium } from './chromium.ts';
import { PeoplePage, password } from './people-page.ts';

const missing = programSkipReason(['chromium']);

describe.skipIf(missing !== '')(`an account in the console${missing}`, { timeout: 90_000 }, () => {
  const parts = new AsyncDisposableStack();
  let browser: Browser;
  let origin: string;
  let page: Page;
  let ada: PeoplePage;
  let problems: readonly string[];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  async function signOut(): Promise<void> {
    await button('Sign out').click();
    await page.getByLabel('Password').waitFor();
  }
  async function enterPassword(device: Page): Promise<void> {
    if (!device.url().includes('/console/sign-in')) await device.goto(`${origin}/console/sign-in`);
    await device.getByLabel('E-mail address').fill(ada.email);
    await pasteInto(device.getByLabel('Password'), password);
    await device.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
  /** As a password manager does; what is masked is not copied from. */
  async function pasteInto(field: Locator, text: string): Promise<void> {
    expect(await field.getAttribute('type')).toBe('password');
    expect(await field.getAttribute('autocomplete')).toBe('current-password');
    const device = field.page();
    await device.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await device.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await field.press('ControlOrMeta+V');
    expect(await field.inputValue()).toBe(text);
  }
  /** A device that holds passkeys, verifies its user, and answers without being asked. */
  async function addAuthenticator(): Promise<void> {
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true },
      },
    });
  }

  beforeAll(async () => {
    const stack = parts.use(await startForReal());
    origin = `http://localhost:${stack.ports.gateway}`;
    browser = await startChromium();
    parts.defer(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    problems = problemsOf(page);
    await addAuthenticator();
    ada = await PeoplePage.signUp(page, origin, 'Ada');
    await page.getByRole('link', { name: 'Account' }).click();
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('has a name that can be changed', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await button('Save the name').click();
    await page.reload();
    await eventually(async () => {
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Ada Lovelace');
    });
  });

  it('has passkeys that sign in, and are listed', async () => {
    await button('Add a passkey').click();
    await page.getByRole('button', { name: /^Remove: / }).waitFor();
    await signOut();
    await button('Sign in with a passkey').click();
    await page.getByText('this one').waitFor();
  });

  it('lists devices, and signs others out', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await enterPassword(other);
    await other.getByLabel('Write to').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Sign out: / }).click();
    await page.getByRole('button', { name: /^Sign out: / }).waitFor({ state: 'detached' });
    // Its socket is closed with the reason, so that nobody there has to do anything.
    await other.getByLabel('E-mail address').waitFor();
    await context.close();
  });

  it('asks for a code once it has a second factor', async () => {
    await button('Add an authenticator app').click();
    const secret = await page.locator('form code').textContent();
    expect(secret).toMatch(/^[A-Z2-7]{16,}$/);
    await page.getByLabel('Code of the app').fill(totpCode(secret ?? ''));
    await button('Confirm').click();
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await codes.first().waitFor();
    // What had the focus is gone each time: it is where the new content is.
    await page.locator(':focus', { has: codes.first() }).waitFor();
    const [recoveryCode = '', ...more] = await codes.allTextContents();
    expect(more).toHaveLength(9);
    expect(await seriousFindings(page)).toEqual([]);
    await signOut();
    await enterPassword(page);
    await page.getByLabel('Code', { exact: true }).fill(recoveryCode);
    await button('Sign in').click();
    await page.getByText('9 recovery codes are left').waitFor();
    expect(problems).toEqual([]);
  });
});
