import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokens } from '@secureconnect/contracts';
import { expect, it } from 'vitest';
import { startAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  confirm,
  enrol,
  finish,
  forgetUsedStep,
  logIn,
  registerPerson,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

const statementsOf = (text: string): string[] =>
  text
    .replaceAll(/^\s*--.*$/gm, '')
    .split(';')
    .filter((statement) => statement.trim() !== '');

it('accounts and sessions from before the migration go on, and can add a factor', async () => {
  await using auth = await startAuth();
  const user = await registerPerson(auth);
  const file = join(import.meta.dirname, '../migrations', '0066_second_factors.sql');
  const [up = '', down = ''] = (await readFile(file, 'utf8')).split('-- Down Migration');
  for (const statement of [...statementsOf(down), ...statementsOf(up)]) {
    await rowsOf(auth, statement);
  }

  expect(Tokens.safeParse((await logIn(auth, user)).body.data).success).toBe(true);
  const { token } = user;
  expect((await auth.call('GET', '/v1/users/me', { token })).status).toBe(200);
  const { secret } = await enrol(auth, token);
  expect((await confirm(auth, token, totpCode(secret))).status).toBe(200);
  await forgetUsedStep(auth, user.userId);
  const reply = await finish(auth, await challengeOf(auth, user), { code: totpCode(secret) });
  expect(reply.status, reply.text).toBe(200);
});
