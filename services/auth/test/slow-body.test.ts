import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Tokens } from '@secureconnect/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const profile = (token: string) => auth.call('GET', '/v1/users/me', { token });

/** Sends a change of the profile except its end, then does something, then sends the end. */
async function changeNameSlowly(token: string, meanwhile: () => Promise<void>): Promise<string> {
  const socket = connect(Number(new URL(auth.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const body = JSON.stringify({ display_name: 'Sent slowly' });
  const head = [
    'PATCH /v1/users/me HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    'Connection: close',
    '',
    '',
  ];
  socket.write(head.join('\r\n'));
  const [continued] = await once(socket, 'data');
  expect(String(continued)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(body.slice(0, 5));
  // Its sender has been looked at when a request that came later is answered.
  expect((await profile(token)).status).toBe(200);
  const reply = text(socket);
  await meanwhile();
  socket.write(body.slice(5));
  return reply;
}

it('a body that is completed after its session has ended changes nothing', async () => {
  const user = someone();
  const registered = await auth.call('POST', '/v1/auth/register', { body: user });
  const { access_token: token } = Tokens.parse(registered.body.data);
  const { email, password } = user;
  const login = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
  const other = Tokens.parse(login.body.data).access_token;

  const accepted = await changeNameSlowly(token, async () => undefined);
  expect(accepted).toContain('HTTP/1.1 200 OK');

  await auth.call('PATCH', '/v1/users/me', { token: other, body: { display_name: 'Before' } });
  const refused = await changeNameSlowly(token, async () => {
    expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(200);
  });
  expect(refused).toContain('HTTP/1.1 401 Unauthorized');
  expect((await profile(other)).body.data?.['display_name']).toBe('Before');
});
