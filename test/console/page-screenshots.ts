// Pictures of every page of the console, in light, dark and on a phone, to be looked at:
//   npm run screenshots:console -- --out FOLDER
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@secureconnect/embedded';
import { programSkipReason } from '@secureconnect/testkit';
import type { Browser, Page } from 'playwright-core';
import { totpCode } from '../../services/auth/test/totp-code.ts';
import { signalsToken } from '../support/stack.ts';
import { startForReal } from '../support/started-stack.ts';
import { startChromium } from './chromium.ts';
import { DemoPage } from './demo-page.ts';
import { ageSessions, giveUpOneMail, type RunningStack, sendAlerts } from './operators-events.ts';
import { type Admin, registerAdmin, signInAsOperator } from './operators-page.ts';
import { PeoplePage, password } from './people-page.ts';

/** Each way in which a page is looked at. */
const views = {
  light: { colorScheme: 'light', width: 1200, height: 800 },
  dark: { colorScheme: 'dark', width: 1200, height: 800 },
  phone: { colorScheme: 'light', width: 375, height: 750 },
} as const;

/** Long lists are cut, in pixels: what follows looks like what is shown. */
const maxHeightPx = 2000;

const { out: folder } = parseArgs({ options: { out: { type: 'string' } } }).values;
if (folder === undefined) throw new Error('Set --out to the folder for the pictures.');
const missing = programSkipReason(['chromium']);
if (missing !== '') throw new Error(`There is no Chromium to take pictures with${missing}.`);
await mkdir(folder, { recursive: true });

/** Takes a page in each view, and leaves it as it was. */
async function take(page: Page, name: string): Promise<void> {
  await page.getByText(/^Loading /).waitFor({ state: 'detached' });
  for (const [view, { colorScheme, width, height }] of Object.entries(views)) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    const full = await page.evaluate<number>('document.documentElement.scrollHeight');
    const clip = { x: 0, y: 0, width, height: Math.min(Math.max(full, height), maxHeightPx) };
    await page.screenshot({
      path: join(String(folder), `${name}-${view}.png`),
      fullPage: true,
      clip,
    });
  }
  const { width, height } = views.light;
  await page.setViewportSize({ width, height });
  process.stdout.write(`${name}\n`);
}

interface World {
  readonly browser: Browser;
  /** Of the gateway. */
  readonly origin: string;
  readonly stack: RunningStack;
  readonly admin: Admin;
}

async function newPage({ browser }: World): Promise<Page> {
  return (await browser.newContext()).newPage();
}

async function takeStrangers(world: World): Promise<void> {
  const page = await newPage(world);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  for (const name of ['sign-in', 'sign-up', 'no-such-page']) {
    await page.goto(`${world.origin}/console/${name}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await take(page, name);
  }
  await page.goto(`${world.origin}/console/sign-up`);
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByLabel('User name').fill('a');
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill('password');
  await button('Create the account').click();
  await page.getByRole('alert').waitFor();
  await take(page, 'sign-up-refused');
  await page.goto(`${world.origin}/console/sign-in`);
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill('a wrong password');
  await button('Sign in').click();
  await page.getByRole('alert').waitFor();
  await take(page, 'sign-in-refused');
}

interface People {
  readonly ada: PeoplePage;
  readonly bob: PeoplePage;
}

async function takeConversations(world: World): Promise<People> {
  const person = async (name: string) =>
    PeoplePage.signUp(await newPage(world), world.origin, name);
  const [ada, bob, cleo] = [await person('Ada'), await person('Bob'), await person('Cleo')];
  await take(ada.page, 'people-empty');
  await ada.page.getByLabel('Write to').fill('nobody_of_this_name');
  await ada.page.getByRole('button', { name: 'Open', exact: true }).click();
  await ada.page.getByText(/no such user/i).waitFor();
  await take(ada.page, 'people-unknown-name');
  await ada.writeTo(`${bob.username}, ${cleo.username}`);
  await ada.write('Shall the three of us meet on Thursday?');
  await cleo.open('Bob');
  await cleo.write('Thursday suits me, from ten o’clock on. I bring the plans for the new house.');
  await ada.sees('Thursday suits me, from ten o’clock on. I bring the plans for the new house.');
  await take(ada.page, 'group');
  await openDirect(ada, bob, 'Bob');
  await ada.write('Hello Bob, see you at noon?');
  await openDirect(bob, ada, 'Ada');
  await bob.write('Yes, with the notes. '.repeat(12).trim());
  await bob.page.getByLabel('Files to send').setInputFiles({
    ...{ name: 'notes-of-the-meeting-of-the-day-before.txt', mimeType: 'text/plain' },
    buffer: Buffer.from('a line of the notes\n'),
  });
  await ada.messages.getByRole('button', { name: /^notes-of/ }).waitFor();
  await takeUpload(ada);
  await takeUnsent(ada);
  await take(bob.page, 'conversation');
  return { ada, bob };
}

/** Opens the conversation of two people, with a different one before it on the page. */
async function openDirect(from: PeoplePage, to: PeoplePage, name: string): Promise<void> {
  await from.writeTo(to.username);
  await from.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
}

/** A file on its way: its bytes are held back. */
async function takeUpload({ page }: PeoplePage): Promise<void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const isStore = (url: URL) => url.pathname.includes('/objects/');
  await page.route(isStore, async (route) => {
    await released;
    await route.fallback();
  });
  await page.getByLabel('Files to send').setInputFiles({
    ...{ name: 'plans-of-the-house.pdf', mimeType: 'application/pdf' },
    buffer: Buffer.alloc(2_000_000),
  });
  await page.getByRole('progressbar').waitFor();
  await take(page, 'file-on-its-way');
  release();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.unroute(isStore);
}

/** A message that waits for the network. */
async function takeUnsent(ada: PeoplePage): Promise<void> {
  const context = ada.page.context();
  await context.setOffline(true);
  await ada.write('written without a network');
  await ada.messages.getByText('waiting to be sent').waitFor();
  await take(ada.page, 'message-waits');
  await context.setOffline(false);
  await ada.messages.getByText('waiting to be sent').waitFor({ state: 'detached' });
}

async function takeCall({ ada, bob }: People): Promise<void> {
  const inCall = ({ page }: PeoplePage) => page.getByRole('region', { name: 'Call' });
  await ada.page.getByRole('button', { name: 'Video call' }).click();
  await inCall(bob).getByRole('button', { name: 'Accept' }).waitFor();
  await take(ada.page, 'call-outgoing');
  await take(bob.page, 'call-incoming');
  await inCall(bob).getByRole('button', { name: 'Accept' }).click();
  await inCall(ada).getByText('In a call with Bob').waitFor();
  await ada.page.locator('video[aria-label="Bob"]').waitFor();
  await ada.page.waitForFunction(
    '[...document.querySelectorAll("video")].every(({ currentTime }) => currentTime > 0)',
  );
  await take(ada.page, 'call');
  await inCall(bob).getByRole('button', { name: 'Mute' }).click();
  await inCall(bob).getByRole('button', { name: 'Share the screen' }).click();
  await inCall(ada).getByText('Bob is muted.').waitFor();
  await ada.page.locator('video[aria-label="Bob"]').nth(1).waitFor();
  await take(ada.page, 'call-with-screen');
  await take(bob.page, 'call-sharing');
  await inCall(ada).getByRole('button', { name: 'Hang up' }).click();
  await inCall(bob).getByRole('button', { name: 'Close' }).waitFor();
  await take(bob.page, 'call-ended');
}

async function takeAccount(world: World, { ada: { page, email } }: People): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true },
    },
  });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.getByRole('link', { name: 'Account' }).click();
  await button('Add a passkey').waitFor();
  await take(page, 'account');
  await button('Add a passkey').click();
  await page.getByRole('button', { name: /^Remove: / }).waitFor();
  await button('Add an authenticator app').click();
  await page.getByLabel('Code of the app').waitFor();
  await take(page, 'account-authenticator');
  const secret = (await page.locator('form code').textContent()) ?? '';
  await page.getByLabel('Code of the app').fill(totpCode(secret));
  await button('Confirm').click();
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await take(page, 'account-recovery-codes');
  const device = await newPage(world);
  await device.goto(`${world.origin}/console/sign-in`);
  await device.getByLabel('E-mail address').fill(email);
  await device.getByLabel('Password').fill(password);
  await device.getByRole('button', { name: 'Sign in', exact: true }).click();
  await device.getByLabel('Code', { exact: true }).waitFor();
  await take(device, 'second-factor');
}

async function takeOperators({ browser, origin, admin, stack }: World): Promise<Page> {
  await sendAlerts(stack, 15);
  await giveUpOneMail(stack);
  const { page } = await signInAsOperator(browser, origin, admin);
  const open = async (name: string): Promise<void> => {
    const pages = page.getByRole('navigation', { name: 'Operators' });
    await pages.getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const takeOf = async (name: string): Promise<void> => {
    await open(name);
    await take(page, `operators-${name.toLowerCase()}`);
  };
  await page.getByText('Everything works').waitFor();
  await takeOf('Fleet');
  await takeOf('Timeline');
  await takeOf('Drills');
  await page.getByRole('button', { name: 'Begin the drill' }).click();
  await page.getByRole('button', { name: 'End the drill of chat' }).waitFor();
  await take(page, 'operators-drill');
  await open('Fleet');
  await page.getByText(/^A drill is under way/).waitFor();
  await take(page, 'operators-fleet-drill');
  await open('Drills');
  await page.getByRole('button', { name: 'End the drill of chat' }).click();
  await page.getByText('No drill is under way.').waitFor();
  await open('Alerts');
  const storm = page.getByRole('listitem').filter({ hasText: 'storm of' });
  await storm.getByText(/^Alerts of \d+ resources$/).click();
  await takeOf('Alerts');
  await takeOf('Accounts');
  await page.getByRole('button', { name: /^Disable: ada_/ }).click();
  await take(page, 'operators-account-question');
  await ageSessions(stack);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await take(page, 'operators-step-up');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await open('Audit');
  await page.getByText(admin.username).first().waitFor();
  await takeOf('Audit');
  await takeOf('Outbox');
  await open('Fleet');
  await page.setViewportSize({ width: views.phone.width, height: views.phone.height });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.screenshot({ path: join(String(folder), 'menu-phone.png') });
  await page.keyboard.press('Escape');
  return page;
}

async function takeOutage(world: World, operator: Page, { bob }: People): Promise<void> {
  const page = await newPage(world);
  const demo = new DemoPage(page);
  await page.goto(`${world.origin}/console/demo`);
  await demo.tell('Ada', 'Bob', 'Lunch at noon?');
  await take(page, 'demo');
  await demo.stopRedis();
  await demo.tell('Ada', 'Bob', 'I have just stopped Redis.');
  await demo.attempt('Look Bob up by name', 'done');
  await demo.attempt('Sign out all other devices of Ada', 'refused');
  await page.getByText('chat: degraded').waitFor();
  await take(page, 'demo-outage');
  // The page learns of the outage from what answers it.
  await bob.write('Does this arrive?');
  await bob.page.getByText('A part of the server is down').waitFor();
  await take(bob.page, 'conversation-outage');
  await operator.getByText(/refuse, \d+ go on with a fallback/).waitFor();
  await take(operator, 'operators-fleet-outage');
  await operator.goto(`${world.origin}/console/operators/timeline`);
  await operator.getByText('still going on').first().waitFor();
  await take(operator, 'operators-timeline-outage');
  await demo.startRedis();
  await bob.page.goto(`${world.origin}/console/operators/accounts`);
  await bob.page.getByRole('alert').waitFor();
  await take(bob.page, 'operators-not-allowed');
}

await using parts = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'page-screenshots-'));
parts.defer(() => rm(dataDir, { recursive: true }));
const postgres = await startPostgres({ dataDir, log: () => undefined });
parts.defer(() => postgres.stop());
const started = parts.use(
  await startForReal({ DATABASE_URL: postgres.url, SIGNALS_TOKEN: signalsToken }),
);
const browser = await startChromium();
parts.defer(() => browser.close());
const origin = `http://localhost:${started.ports.gateway}`;
const stack = { urls: { gateway: origin }, databaseUrl: postgres.url };
const world = { browser, origin, stack, admin: await registerAdmin(stack) };
await takeStrangers(world);
const people = await takeConversations(world);
await takeCall(people);
await takeAccount(world, people);
const operator = await takeOperators(world);
await takeOutage(world, operator, people);
process.stdout.write(`The pictures are in ${folder}.\n`);
