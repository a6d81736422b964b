import { expect, it } from 'vitest';
import { Client } from './client.ts';
import { SignedOutError } from './http/errors.ts';

it('says what to do after a registration that gave no session', async () => {
  const user = { user_id: 'ada' };
  const data = { user, access_token: '', refresh_token: '', expires_in: 0 };
  const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r1' };
  const client = new Client({
    baseUrl: 'http://gateway',
    fetch: async () => Response.json({ success: true, data, meta }, { status: 201 }),
  });
  const email = 'ada@example.com';
  const account = { email, username: 'ada', password: 'correct horse', display_name: 'Ada' };
  const error = await client.signUp(account).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SignedOutError);
  expect(error).toMatchObject({ message: expect.stringMatching(/verify your address.*sign in/) });
  expect(await client.userId()).toBeUndefined();
});
