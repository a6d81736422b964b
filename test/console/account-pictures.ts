import { totpCode } from '../../services/auth/test/totp-code.ts';
import { password } from './people-page.ts';
import type { People } from './people-pictures.ts';
import { newPage, take, type World } from './pictures.ts';

export async function takeAccount(world: World, { ada: { page, email } }: People): Promise<void> {
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
  await take(world, page, 'account');
  await button('Add a passkey').click();
  await page.getByRole('button', { name: /^Remove: / }).waitFor();
  await button('Add an authenticator app').click();
  await page.getByLabel('Code of the app').waitFor();
  await take(world, page, 'account-authenticator');
  const secret = (await page.locator('form code').textContent()) ?? '';
  await page.getByLabel('Code of the app').fill(totpCode(secret));
  await button('Confirm').click();
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await take(world, page, 'account-recovery-codes');
  const device = await newPage(world);
  await device.goto(`${world.origin}/console/sign-in`);
  await device.getByLabel('E-mail address').fill(email);
  await device.getByLabel('Password').fill(password);
  await device.getByRole('button', { name: 'Sign in', exact: true }).click();
  await device.getByLabel('Code', { exact: true }).waitFor();
  await take(world, device, 'second-factor');
}
