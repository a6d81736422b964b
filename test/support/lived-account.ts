import {
  authorizeAs,
  call,
  PasskeyDevice,
  type SampleUser,
  textField,
} from '@secureconnect/testkit';
import { expect } from 'vitest';
import { newDeviceKeys, newOneTimeKeys } from '../../services/auth/test/keys-fixture.ts';
import { totpCode } from '../../services/auth/test/totp-code.ts';
import { sampleSubscription } from '../../services/video/test/push-samples.ts';
import type { Stack } from './stack.ts';

/** The address of the client whose account is lived in. */
export const livedAddress = '203.0.113.77';
/** The bytes of its file. */
export const fileText = 'the bytes of a person who leaves';
/** What the other person says. */
export const otherText = 'of somebody who stays';

export interface LivedPlaces {
  readonly direct: string;
  readonly group: string;
  /** A group that the person has left. */
  readonly left: string;
  readonly fileId: string;
}

/** Sends a request through the gateway; throws if it is refused. */
export async function sendAs(
  stack: Stack,
  user: SampleUser,
  method: string,
  path: string,
  { body, address = '198.51.100.8' }: { readonly body?: object; readonly address?: string } = {},
) {
  const headers = { 'x-forwarded-for': address };
  const reply = await call(stack.urls.gateway, method, path, { token: user.token, body, headers });
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBeLessThan(300);
  return reply.body.data ?? {};
}

type Send = (
  user: SampleUser,
  method: string,
  path: string,
  body?: object,
) => Promise<Readonly<Record<string, unknown>>>;

/** Leaves something of a person in as many tables and stores as there are. */
export async function liveIn(
  stack: Stack,
  people: { readonly ada: SampleUser; readonly bob: SampleUser; readonly cleo: SampleUser },
): Promise<LivedPlaces> {
  const { ada, bob } = people;
  const send: Send = (user, method, path, body) =>
    sendAs(stack, user, method, path, {
      ...(body === undefined ? {} : { body }),
      ...(user === ada ? { address: livedAddress } : {}),
    });
  const conversations = await talk(send, ada, bob);
  const { direct, group } = conversations;
  const fileId = await keepFile(send, ada, group);
  await passOn(send, ada, fileId, { from: group, to: direct });
  await callEachOther(send, ada, bob, direct);
  await useAccount(send, people);
  await addSecondFactor(send, ada);
  const { email, password } = ada;
  await call(stack.urls.auth, 'POST', '/v1/auth/login', { body: { email, password } });
  const wrong = { email: ada.email, password: 'a wrong password' };
  await call(stack.urls.auth, 'POST', '/v1/auth/login', { body: wrong });
  await call(stack.urls.auth, 'POST', '/v1/auth/password-reset/request', { body: { email } });
  return { ...conversations, fileId };
}

async function talk(send: Send, ada: SampleUser, bob: SampleUser) {
  const converse = async (user: SampleUser, other: SampleUser, type: 'direct' | 'group') => {
    const title = type === 'group' ? { title: 'a group' } : {};
    const body = { type, participant_ids: [other.userId], ...title };
    return textField(await send(user, 'POST', '/v1/conversations', body), 'conversation_id');
  };
  const say = async (user: SampleUser, conversation_id: string, content: string) => {
    const body = { conversation_id, content, client_message_id: crypto.randomUUID() };
    return textField(await send(user, 'POST', '/v1/messages', body), 'message_id');
  };
  const [direct, group, left] = [
    await converse(ada, bob, 'direct'),
    await converse(ada, bob, 'group'),
    await converse(bob, ada, 'group'),
  ];
  for (const conversation of [direct, group, left]) {
    const answer = await say(bob, conversation, otherText);
    const own = await say(ada, conversation, `by ${ada.username}`);
    const query = `?conversation_id=${conversation}`;
    await send(ada, 'PUT', `/v1/messages/${answer}/reactions/%F0%9F%91%8D${query}`);
    await send(bob, 'PUT', `/v1/messages/${own}/reactions/%F0%9F%91%8D${query}`);
    if (conversation !== left) await send(ada, 'PUT', `/v1/messages/${answer}/pin${query}`);
    await send(ada, 'POST', `/v1/messages/${answer}/read${query}`);
  }
  await send(ada, 'DELETE', `/v1/conversations/${left}/participants/${ada.userId}`);
  return { direct, group, left };
}

async function callEachOther(
  send: Send,
  ada: SampleUser,
  bob: SampleUser,
  conversation_id: string,
): Promise<void> {
  await send(ada, 'POST', '/v1/push/tokens', sampleSubscription());
  const started = { conversation_id, call_type: 'audio' };
  const callId = textField(await send(ada, 'POST', '/v1/calls/initiate', started), 'call_id');
  await send(bob, 'POST', `/v1/calls/${callId}/accept`);
  const summary = { state: 'connected', media_lost: false };
  for (const [user, peer] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    const report = { connection_id: crypto.randomUUID(), sequence: 1, peer_id: peer.userId };
    await send(user, 'POST', `/v1/calls/${callId}/quality`, { ...report, summary });
  }
}

async function keepFile(send: Send, ada: SampleUser, group: string): Promise<string> {
  const announced = {
    file_name: `${ada.username}.txt`,
    file_size: fileText.length,
    content_type: 'text/plain',
  };
  const upload = await send(ada, 'POST', '/v1/storage/upload-url', announced);
  const headers = { 'content-type': 'text/plain' };
  const url = textField(upload, 'upload_url');
  expect((await fetch(url, { method: 'PUT', headers, body: fileText })).status).toBeLessThan(300);
  const file_id = textField(upload, 'file_id');
  await send(ada, 'POST', '/v1/storage/upload-complete', { file_id });
  await send(ada, 'POST', `/v1/storage/files/${file_id}/share`, { conversation_id: group });
  await send(ada, 'POST', '/v1/storage/upload-url', announced);
  return file_id;
}

async function passOn(
  send: Send,
  ada: SampleUser,
  file_id: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const body = { conversation_id: from, content: 'my file', metadata: { file_id } };
  const id = textField(await send(ada, 'POST', '/v1/messages', body), 'message_id');
  const target = { to_conversation_ids: [to] };
  await send(ada, 'POST', `/v1/messages/${id}/forward?conversation_id=${from}`, target);
}

async function addSecondFactor(send: Send, ada: SampleUser): Promise<void> {
  const path = '/v1/users/me/second-factor/totp';
  const enrolment = await send(ada, 'POST', path);
  const code = totpCode(textField(enrolment, 'secret'), 1);
  await send(ada, 'POST', `${path}/confirm`, { code });
}

async function useAccount(
  send: Send,
  { ada, bob, cleo }: { ada: SampleUser; bob: SampleUser; cleo: SampleUser },
): Promise<void> {
  await send(ada, 'POST', '/v1/users/blocks', { user_id: bob.userId });
  await send(bob, 'POST', '/v1/users/blocks', { user_id: ada.userId });
  await send(ada, 'POST', '/v1/friends/requests', { user_id: cleo.userId });
  await send(cleo, 'POST', `/v1/friends/requests/${ada.userId}/accept`);
  await send(ada, 'PUT', '/v1/keys/device', { ...newDeviceKeys() });
  await send(ada, 'POST', '/v1/keys/one-time', { keys: newOneTimeKeys(3) });
  await send(cleo, 'POST', `/v1/keys/users/${ada.userId}/bundles`);
  const { public_key: options } = await send(ada, 'POST', '/v1/users/me/passkeys/start');
  const credential = new PasskeyDevice().create(options);
  await send(ada, 'POST', '/v1/users/me/passkeys/finish', { credential, name: ada.username });
  await send(ada, 'POST', '/v1/users/me/passkeys/start');
  await send(ada, 'POST', '/v1/users/me/email', { new_email: `new.${ada.email}` });
  const begun = await send(ada, 'POST', '/v1/users/me/identities/start', { provider: 'acme' });
  const address = textField(begun, 'authorization_url');
  const callback = await authorizeAs(`${ada.username}-there`, address);
  await send(ada, 'POST', '/v1/users/me/identities/finish', {
    browser_secret: textField(begun, 'browser_secret'),
    callback_url: callback.href,
  });
}
