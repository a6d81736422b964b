import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { call } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/documented-section.ts';
import { CliWorld, type User } from './world.ts';

const run = promisify(execFile);

let world: CliWorld;
beforeAll(async () => {
  world = await CliWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What an app shows for a secret: at each call a code that was not used. */
async function codeOf(secret: string): Promise<string> {
  const authenticator = join(root, 'test/support/authenticator.ts');
  const { stdout } = await run(process.execPath, [authenticator, world.stack.directory, secret]);
  return stdout.trim();
}

/** Gives an account an authenticator app. */
async function addFactor({ token }: User) {
  const post = async (path: string, body: unknown) => {
    const url = `/v1/users/me/second-factor${path}`;
    return (await call(world.stack.urls.gateway, 'POST', url, { token, body })).body.data ?? {};
  };
  const { secret } = (await post('/totp', {})) as { readonly secret: string };
  const confirmed = await post('/totp/confirm', { code: await codeOf(secret) });
  return { secret, recoveryCodes: confirmed['recovery_codes'] as readonly string[] };
}

it('login takes the code of an app, or a recovery code', { timeout: 90_000 }, async () => {
  const ada = await world.user();
  const { recoveryCodes, secret } = await addFactor(ada);
  const words = ['login', '--email', ada.email];
  const loginWith = (code: string) => ada.run(words, { input: `${world.password}\n${code}\n` });
  const wrong = await loginWith('000000');
  expect(wrong).toMatchObject({ code: 3, stdout: '' });
  expect(wrong.stderr).toContain('POST /v1/auth/login/second-factor refuses');
  expect(await loginWith(await codeOf(secret))).toMatchObject({ code: 0, stderr: '' });
  expect(await ada.done(['whoami'])).toContain(ada.email);
  expect(await loginWith(recoveryCodes[0] ?? '')).toMatchObject({ code: 0, stderr: '' });
});

it('keys:rotate runs the command of the checkout', { timeout: 90_000 }, async () => {
  const ada = await world.user();
  const words = ['keys:rotate', '--checkout', join(root, 'docs')];
  const unset = await ada.run(words);
  expect(unset).toMatchObject({ code: 4, stdout: '' });
  expect(unset.stderr).toMatch(/^DATABASE_URL is not set.*\nerror: The keys are not rotated/);
  const environment = {
    DATABASE_URL: world.stack.databaseUrl,
    SIGNING_KEYS_SECRET: 'a secret of the tests, of 32 bytes or more',
  };
  expect(await ada.done(words, { environment })).toMatch(/^Published the key \S+\. It signs from /);
});

it('keys:rotate says where it runs, where there is no checkout', async () => {
  const ada = await world.user();
  const elsewhere = await ada.run(['keys:rotate', '--checkout', tmpdir()]);
  expect(elsewhere).toMatchObject({ code: 2, stdout: '' });
  expect(elsewhere.stderr).toContain('is in no checkout of SecureConnect');
  expect(await ada.done(['keys:rotate', '--help'])).toContain('deployment/auth-service');
});
