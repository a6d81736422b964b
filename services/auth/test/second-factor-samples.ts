import { RecoveryCodesCreated } from '@secureconnect/contracts';
import type { auth } from '@secureconnect/contracts/endpoints';
import {
  type SamplesOf,
  type SampleUser,
  type SampleWorld,
  textField,
} from '@secureconnect/testkit';
import { totpCode } from './totp-code.ts';

type SecondFactorEndpoints = Pick<
  typeof auth,
  | 'finishLogin'
  | 'getSecondFactors'
  | 'enrolTotp'
  | 'confirmTotp'
  | 'replaceRecoveryCodes'
  | 'removeSecondFactor'
>;

const factor = '/v1/users/me/second-factor';
async function enrolled(world: SampleWorld) {
  const user = await world.user();
  const { token } = user;
  const enrolment = await world.data('auth', 'POST', `${factor}/totp`, { token });
  return { ...user, secret: textField(enrolment, 'secret') };
}

interface UserWithFactor extends SampleUser {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** A user with a second factor, whose newest accepted code is that of the step before. */
export async function userWithFactor(world: SampleWorld): Promise<UserWithFactor> {
  const user = await enrolled(world);
  const { token, secret } = user;
  const confirm = () => {
    const body = { code: totpCode(secret, 1) };
    return world.data('auth', 'POST', `${factor}/totp/confirm`, { token, body });
  };
  // Where a step ends in between, the code is too old; the next one is not.
  const data = await confirm().catch(confirm);
  return { ...user, recoveryCodes: RecoveryCodesCreated.parse(data).recovery_codes };
}

/** The challenge of a login that waits for its second factor. */
async function challengeOf(world: SampleWorld, { email, password }: SampleUser): Promise<string> {
  const body = { email, password };
  return textField(await world.data('auth', 'POST', '/v1/auth/login', { body }), 'challenge');
}

const rowsOf = (table: string, condition: string, userId: string, expected = 'count(*)') => ({
  count: `SELECT ${expected} FROM auth.${table} WHERE user_id = $1 AND ${condition}`,
  values: [userId],
});

/** The code of the moment in which the body is serialized: a fault may come long after this. */
const withCodeAtSending = (secret: string, body: object): object => ({
  ...body,
  get code() {
    return totpCode(secret);
  },
});

/** The first session is that of the registration. */
const secondSession = ({ userId }: SampleUser) =>
  rowsOf('sessions', 'ended_at IS NULL', userId, 'count(*) - 1');

export const secondFactorSamples: SamplesOf<SecondFactorEndpoints> = {
  'POST /v1/auth/login/second-factor': [
    {
      status: 200,
      async prepare(world) {
        const user = await userWithFactor(world);
        const challenge = await challengeOf(world, user);
        return {
          path: '/v1/auth/login/second-factor',
          body: withCodeAtSending(user.secret, { challenge }),
          effect: secondSession(user),
        };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const user = await userWithFactor(world);
        const { recoveryCodes, userId } = user;
        return {
          path: '/v1/auth/login/second-factor',
          body: { challenge: await challengeOf(world, user), recovery_code: recoveryCodes[0] },
          effect: [secondSession(user), rowsOf('recovery_codes', 'true', userId, '10 - count(*)')],
        };
      },
    },
  ],
  [`GET ${factor}` as const]: {
    status: 200,
    prepare: async (world: SampleWorld) => ({ path: factor, token: (await world.user()).token }),
  },
  [`POST ${factor}/totp` as const]: {
    status: 201,
    async prepare(world: SampleWorld) {
      const { token, userId } = await world.user();
      const effect = rowsOf('totp_factors', 'confirmed_at IS NULL', userId);
      return { path: `${factor}/totp`, token, effect };
    },
  },
  [`POST ${factor}/totp/confirm` as const]: {
    status: 200,
    async prepare(world: SampleWorld) {
      const { token, userId, secret } = await enrolled(world);
      const effect = [
        rowsOf('totp_factors', 'confirmed_at IS NOT NULL', userId),
        rowsOf('recovery_codes', 'true', userId, 'count(*) / 10'),
      ] as const;
      const body = withCodeAtSending(secret, {});
      return { path: `${factor}/totp/confirm`, token, body, effect };
    },
  },
  [`POST ${factor}/recovery-codes` as const]: {
    status: 200,
    async prepare(world: SampleWorld) {
      const { token, userId } = await userWithFactor(world);
      const count = `SELECT count(*) FROM auth.audit_entries
        WHERE user_id = $1 AND action = 'recovery_codes_replaced'`;
      const effect = { count, values: [userId] };
      return { path: `${factor}/recovery-codes`, token, effect };
    },
  },
  [`DELETE ${factor}` as const]: {
    status: 200,
    async prepare(world: SampleWorld) {
      const { token, userId } = await userWithFactor(world);
      const effect = rowsOf('totp_factors', 'true', userId, '1 - count(*)');
      return { path: factor, token, effect };
    },
  },
};
