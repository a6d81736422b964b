import { join } from 'node:path';
import { eventually } from '@secureconnect/testkit';
import type { Page } from 'playwright-core';
import { DemoPage } from './demo-page.ts';
import { ageSessions, giveUpOneMail, sendAlerts } from './operators-events.ts';
import { signInAsOperator } from './operators-page.ts';
import type { People } from './people-pictures.ts';
import { newPage, take, views, type World } from './pictures.ts';

export async function takeOperators(world: World): Promise<Page> {
  const { browser, origin, admin, stack } = world;
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
    await take(world, page, `operators-${name.toLowerCase()}`);
  };
  await page.getByText('Everything works').waitFor();
  await takeOf('Fleet');
  await takeOf('Timeline');
  await takeOf('Drills');
  await page.getByRole('button', { name: 'Begin the drill' }).click();
  await page.getByRole('button', { name: 'End the drill of chat' }).waitFor();
  await take(world, page, 'operators-drill');
  await open('Fleet');
  await page.getByText(/^A drill is under way/).waitFor();
  await take(world, page, 'operators-fleet-drill');
  await open('Drills');
  await page.getByRole('button', { name: 'End the drill of chat' }).click();
  await page.getByText('No drill is under way.').waitFor();
  await open('Alerts');
  const storm = page.getByRole('listitem').filter({ hasText: 'storm of' });
  await storm.getByText(/^Alerts of \d+ resources$/).click();
  await takeOf('Alerts');
  await takeOf('Accounts');
  await page.getByRole('button', { name: /^Disable: ada_/ }).click();
  await take(world, page, 'operators-account-question');
  await ageSessions(stack);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await take(world, page, 'operators-step-up');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await open('Audit');
  await page.getByText(admin.username).first().waitFor();
  await takeOf('Audit');
  await takeOf('Outbox');
  await open('Fleet');
  await page.setViewportSize({ width: views.phone.width, height: views.phone.height });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.screenshot({ path: join(world.folder, 'menu-phone.png') });
  await page.keyboard.press('Escape');
  return page;
}

export async function takeOutage(world: World, operator: Page, { bob }: People): Promise<void> {
  const page = await newPage(world);
  const demo = new DemoPage(page);
  await page.goto(`${world.origin}/console/demo`);
  await untilMadeUp(page);
  await demo.tell('Ada', 'Bob', 'Lunch at noon?');
  await take(world, page, 'demo');
  await demo.stopRedis();
  await demo.tell('Ada', 'Bob', 'I have just stopped Redis.');
  await demo.attempt('Look Bob up by name', 'done');
  await demo.attempt('Sign out all other devices of Ada', 'refused');
  await page.getByText('chat: degraded').waitFor();
  await take(world, page, 'demo-outage');
  // The page learns of the outage from what answers it.
  await bob.write('Does this arrive?');
  await bob.page.getByText('A part of the server is down').waitFor();
  await take(world, bob.page, 'conversation-outage');
  await operator.getByText(/refuse, \d+ go on with a fallback/).waitFor();
  await take(world, operator, 'operators-fleet-outage');
  await operator.goto(`${world.origin}/console/operators/timeline`);
  await operator.getByText('still going on').first().waitFor();
  await take(world, operator, 'operators-timeline-outage');
  await demo.startRedis();
  await bob.page.goto(`${world.origin}/console/operators/accounts`);
  await bob.page.getByRole('alert').waitFor();
  await take(world, bob.page, 'operators-not-allowed');
}

/** One address registers five accounts a minute, and those before the demo's may be the last ones. */
async function untilMadeUp(page: Page): Promise<void> {
  const again = page.getByRole('button', { name: 'Try again' });
  const side = page.getByRole('region', { name: 'The side of Ada' });
  await eventually(
    async () => {
      if (await again.isVisible()) await again.click();
      await side.getByRole('textbox', { name: 'Message' }).waitFor({ timeout: 5000 });
    },
    { timeoutMs: 90_000, intervalMs: 5000 },
  );
}
