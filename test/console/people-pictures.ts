import { PeoplePage } from './people-page.ts';
import { newPage, take, type World } from './pictures.ts';

export async function takeStrangers(world: World): Promise<void> {
  const page = await newPage(world);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  for (const name of ['sign-in', 'sign-up', 'no-such-page']) {
    await page.goto(`${world.origin}/console/${name}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await take(world, page, name);
  }
  await page.goto(`${world.origin}/console/sign-up`);
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByLabel('User name').fill('a');
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill('password');
  await button('Create the account').click();
  await page.getByRole('alert').waitFor();
  await take(world, page, 'sign-up-refused');
  await page.goto(`${world.origin}/console/sign-in`);
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill('a wrong password');
  await button('Sign in').click();
  await page.getByRole('alert').waitFor();
  await take(world, page, 'sign-in-refused');
}

export interface People {
  readonly ada: PeoplePage;
  readonly bob: PeoplePage;
}

export async function takeConversations(world: World): Promise<People> {
  const person = async (name: string) =>
    PeoplePage.signUp(await newPage(world), world.origin, name);
  const [ada, bob, cleo] = [await person('Ada'), await person('Bob'), await person('Cleo')];
  await take(world, ada.page, 'people-empty');
  await ada.page.getByLabel('Write to').fill('nobody_of_this_name');
  await ada.page.getByRole('button', { name: 'Open', exact: true }).click();
  await ada.page.getByText(/no such user/i).waitFor();
  await take(world, ada.page, 'people-unknown-name');
  await ada.writeTo(`${bob.username}, ${cleo.username}`);
  await ada.write('Shall the three of us meet on Thursday?');
  await cleo.open('Bob');
  await cleo.write('Thursday suits me, from ten o’clock on. I bring the plans for the new house.');
  await ada.sees('Thursday suits me, from ten o’clock on. I bring the plans for the new house.');
  await take(world, ada.page, 'group');
  await openDirect(ada, bob, 'Bob');
  await ada.write('Hello Bob, see you at noon?');
  await openDirect(bob, ada, 'Ada');
  await bob.write('Yes, with the notes. '.repeat(12).trim());
  await bob.page.getByLabel('Files to send').setInputFiles({
    ...{ name: 'notes-of-the-meeting-of-the-day-before.txt', mimeType: 'text/plain' },
    buffer: Buffer.from('a line of the notes\n'),
  });
  await ada.messages.getByRole('button', { name: /^notes-of/ }).waitFor();
  await takeUpload(world, ada);
  await takeUnsent(world, ada);
  await take(world, bob.page, 'conversation');
  return { ada, bob };
}

/** Opens the conversation of two people, with a different one before it on the page. */
async function openDirect(from: PeoplePage, to: PeoplePage, name: string): Promise<void> {
  await from.writeTo(to.username);
  await from.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
}

/** A file on its way: its bytes are held back. */
async function takeUpload(world: World, { page }: PeoplePage): Promise<void> {
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
  await take(world, page, 'file-on-its-way');
  release();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.unroute(isStore);
}

/** A message that waits for the network. */
async function takeUnsent(world: World, ada: PeoplePage): Promise<void> {
  const context = ada.page.context();
  await context.setOffline(true);
  await ada.write('written without a network');
  await ada.messages.getByText('waiting to be sent').waitFor();
  await take(world, ada.page, 'message-waits');
  await context.setOffline(false);
  await ada.messages.getByText('waiting to be sent').waitFor({ state: 'detached' });
}

export async function takeCall(world: World, { ada, bob }: People): Promise<void> {
  const inCall = ({ page }: PeoplePage) => page.getByRole('region', { name: 'Call' });
  await ada.page.getByRole('button', { name: 'Video call' }).click();
  await inCall(bob).getByRole('button', { name: 'Accept' }).waitFor();
  await take(world, ada.page, 'call-outgoing');
  await take(world, bob.page, 'call-incoming');
  await inCall(bob).getByRole('button', { name: 'Accept' }).click();
  await inCall(ada).getByText('In a call with Bob').waitFor();
  await ada.page.locator('video[aria-label="Bob"]').waitFor();
  await ada.page.waitForFunction(
    '[...document.querySelectorAll("video")].every(({ currentTime }) => currentTime > 0)',
  );
  await take(world, ada.page, 'call');
  await inCall(bob).getByRole('button', { name: 'Mute' }).click();
  await inCall(bob).getByRole('button', { name: 'Share the screen' }).click();
  await inCall(ada).getByText('Bob is muted.').waitFor();
  await ada.page.locator('video[aria-label="Bob"]').nth(1).waitFor();
  await take(world, ada.page, 'call-with-screen');
  await take(world, bob.page, 'call-sharing');
  await inCall(ada).getByRole('button', { name: 'Hang up' }).click();
  await inCall(bob).getByRole('button', { name: 'Close' }).waitFor();
  await take(world, bob.page, 'call-ended');
}
