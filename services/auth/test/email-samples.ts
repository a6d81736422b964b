import { randomUUID } from 'node:crypto';
import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';
import { subjectOf } from '../src/secrets.ts';

const verifiedUser = (userId: string) => ({
  count: 'SELECT count(*) FROM auth.users WHERE user_id = $1 AND email_verified_at IS NOT NULL',
  values: [userId],
});

/** The routes of e-mail addresses. */
export const emailSamples: Pick<
  SamplesOf<typeof auth>,
  'POST /v1/auth/email/verify' | 'POST /v1/auth/email/resend'
> = {
  'POST /v1/auth/email/verify': [
    {
      status: 200,
      async prepare(world) {
        const { email, userId } = await world.user();
        const token = await world.mailed(email, /^Token: ([\w-]{43})\r?$/m);
        return { path: '/v1/auth/email/verify', body: { token }, effect: verifiedUser(userId) };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const { email, userId } = await world.user();
        const code = await world.mailed(email, /^Code: (\d{8})\r?$/m);
        const body = { email, code };
        return { path: '/v1/auth/email/verify', body, effect: verifiedUser(userId) };
      },
    },
  ],
  'POST /v1/auth/email/resend': {
    status: 200,
    async prepare() {
      // An address that nobody has: it gets no mail, but the request is stored all the same.
      const email = `${randomUUID()}@example.com`;
      const effect = {
        count: `SELECT count(*) FROM auth.mail_requests JOIN auth.outbox USING (effect_id)
          WHERE purpose = 'email_verification' AND subject = $1`,
        values: [subjectOf(email)],
      };
      return { path: '/v1/auth/email/resend', body: { email }, effect };
    },
  },
};
