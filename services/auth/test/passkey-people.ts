import { Passkey, Tokens } from '@secureconnect/contracts';
import { PasskeyDevice, type PasskeyDeviceOptions, type Reply } from '@secureconnect/testkit';
import { registerSomeone, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';

/** What a start replied, for a browser. */
export const optionsOf = ({ body }: Reply): Readonly<Record<string, unknown>> => {
  const { public_key: options } = body.data as { public_key: Readonly<Record<string, unknown>> };
  return options;
};

export const startSignIn = (auth: Pick<TestAuth, 'call'>) =>
  auth.call('POST', '/v1/auth/passkeys/start');

export const finishSignIn = (auth: Pick<TestAuth, 'call'>, credential: unknown) =>
  auth.call('POST', '/v1/auth/passkeys/finish', { body: { credential } });

/** Signs in with what a device holds. */
export async function signIn(auth: Pick<TestAuth, 'call'>, device: PasskeyDevice) {
  return finishSignIn(auth, device.sign(optionsOf(await startSignIn(auth))));
}

/** Adds a passkey; `device` may have others. */
export async function addPasskey(
  auth: Pick<TestAuth, 'call'>,
  token: string,
  device: PasskeyDevice,
  name?: string,
) {
  const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
  const credential = device.create(optionsOf(start));
  const body = { credential, ...(name === undefined ? {} : { name }) };
  return auth.call('POST', '/v1/users/me/passkeys/finish', { token, body });
}

export const removePasskey = (auth: Pick<TestAuth, 'call'>, token: string, id: string) =>
  auth.call('DELETE', `/v1/users/me/passkeys/${id}`, { token });

/** Somebody new with a passkey. */
export async function someoneWithPasskey(auth: TestAuth, options: PasskeyDeviceOptions = {}) {
  const person = await registerSomeone(auth);
  const { access_token: token, user, refresh_token } = person;
  const device = new PasskeyDevice(options);
  const reply = await addPasskey(auth, token, device);
  const passkey = Passkey.parse(reply.body.data);
  const sessionId = refresh_token.split('.')[0] ?? '';
  return { ...person, token, userId: user.user_id, sessionId, device, passkey };
}

/** The access token of a reply that signs in. */
export const tokenOf = ({ body }: Reply): string => Tokens.parse(body.data).access_token;

/** Makes a session so old that it needs a step-up. */
export const age = (auth: TestAuth, sessionId: string) =>
  rowsOf(
    auth,
    `UPDATE auth.sessions SET created_at = created_at - interval '10 minutes', stepped_up_at = NULL
     WHERE session_id = $1`,
    [sessionId],
  );

export const countOf = async (auth: TestAuth, from: string, userId: string): Promise<number> => {
  const [row] = await rowsOf(auth, `SELECT count(*) AS count FROM ${from} WHERE user_id = $1`, [
    userId,
  ]);
  return Number(row?.['count']);
};
