import { randomUUID } from 'node:crypto';
import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf, SampleUser, SampleWorld, StoredEffect } from '@secureconnect/testkit';

const newAddress = (): string => `new-${randomUUID()}@example.com`;

/** Asks for a change and returns the token that was mailed to the new address. */
async function requested(world: SampleWorld, { token }: SampleUser, newEmail: string) {
  const body = { new_email: newEmail };
  await world.data('auth', 'POST', '/v1/users/me/email', { token, body });
  return world.mailed(newEmail, /^Token: ([\w-]{43})\r?$/m);
}

const hasEmail = (userId: string, email: string): StoredEffect => ({
  count: 'SELECT count(*) FROM auth.users WHERE user_id = $1 AND email = $2',
  values: [userId, email],
});

/** The changes of an address or a password by its user. */
export const credentialSamples: Pick<
  SamplesOf<typeof auth>,
  | 'POST /v1/users/me/password'
  | 'POST /v1/users/me/email'
  | 'POST /v1/auth/email/confirm-change'
  | 'POST /v1/auth/email/undo-change'
> = {
  'POST /v1/users/me/password': {
    status: 200,
    async prepare(world) {
      const { token, password, userId } = await world.user();
      const body = { current_password: password, new_password: 'another good password' };
      const effect = {
        count: `SELECT count(*) FROM auth.users JOIN auth.outbox ON owner_id = user_id
          WHERE user_id = $1 AND idempotency_key LIKE 'password-changed:%'
            AND users.updated_at > users.created_at`,
        values: [userId],
      };
      return { path: '/v1/users/me/password', token, body, effect };
    },
  },
  'POST /v1/users/me/email': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.user();
      const email = newAddress();
      const effect = {
        count: `SELECT (count(*) > 0)::int FROM auth.email_changes
          WHERE user_id = $1 AND new_email = $2`,
        values: [userId, email],
      };
      return { path: '/v1/users/me/email', token, body: { new_email: email }, effect };
    },
  },
  'POST /v1/auth/email/confirm-change': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const email = newAddress();
      const token = await requested(world, user, email);
      const effect = hasEmail(user.userId, email);
      return { path: '/v1/auth/email/confirm-change', body: { token }, effect };
    },
  },
  'POST /v1/auth/email/undo-change': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const body = { token: await requested(world, user, newAddress()) };
      await world.data('auth', 'POST', '/v1/auth/email/confirm-change', { body });
      // The second token that the old address gets: the first verifies it.
      const undo = await world.mailed(
        user.email,
        /e-mail address of your SecureConnect account was changed[\s\S]*^Token: ([\w-]{43})\r?$/m,
      );
      const effect = hasEmail(user.userId, user.email);
      return { path: '/v1/auth/email/undo-change', body: { token: undo }, effect };
    },
  },
};
