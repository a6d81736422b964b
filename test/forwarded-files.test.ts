import { call, type SampleUser, textField } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWorld } from './conformance/world.ts';
import { type Stack, startStack } from './support/stack.ts';

let stack: Stack;
let owner: SampleUser;
let friend: SampleUser;
let reader: SampleUser;
let bystander: SampleUser;
/** Of owner and friend; of friend and reader; of reader and bystander. */
let first: string;
let second: string;
let third: string;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());
beforeEach(async () => {
  const { user } = createWorld(stack);
  [owner, friend] = [await user(), await user()];
  [reader, bystander] = [await user(), await user()];
  first = await group(owner, friend);
  second = await group(friend, reader);
  third = await group(reader, bystander);
});

async function send(
  service: 'chat' | 'storage',
  { token }: SampleUser,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; data: Record<string, unknown> }> {
  const reply = await call(stack.urls[service], method, path, { token, body });
  return { status: reply.status, data: reply.body.data ?? {} };
}

async function group(user: SampleUser, ...others: SampleUser[]): Promise<string> {
  const participant_ids = others.map(({ userId }) => userId);
  const body = { type: 'group', title: 'group', participant_ids };
  const { data } = await send('chat', user, 'POST', '/v1/conversations', body);
  return textField(data, 'conversation_id');
}

async function upload(user: SampleUser, fields: object = {}): Promise<string> {
  const body = { file_name: 'a.txt', file_size: 5, content_type: 'text/plain', ...fields };
  const { data } = await send('storage', user, 'POST', '/v1/storage/upload-url', body);
  const headers = { 'content-type': 'text/plain' };
  await fetch(textField(data, 'upload_url'), { method: 'PUT', headers, body: '12345' });
  const file_id = textField(data, 'file_id');
  await send('storage', user, 'POST', '/v1/storage/upload-complete', { file_id });
  return file_id;
}

/** Says a message with a file; returns where it stands. */
async function say(user: SampleUser, conversation: string, fileId: string): Promise<string> {
  const { status, data } = await send('chat', user, 'POST', '/v1/messages', {
    conversation_id: conversation,
    content: 'a file',
    message_type: 'file',
    metadata: { file_id: fileId },
  });
  expect(status).toBe(201);
  return `/v1/messages/${textField(data, 'message_id')}`;
}

/** Forwards a message; returns where its copy stands. */
async function forward(user: SampleUser, path: string, from: string, to: string): Promise<string> {
  const url = `${path}/forward?conversation_id=${from}`;
  const { status, data } = await send('chat', user, 'POST', url, { to_conversation_ids: [to] });
  expect(status).toBe(200);
  const [copy] = data['messages'] as { message_id: string }[];
  return `/v1/messages/${copy?.message_id}`;
}

const download = async (user: SampleUser, fileId: string): Promise<number> =>
  (await send('storage', user, 'GET', `/v1/storage/download-url/${fileId}`)).status;

const share = (user: SampleUser, fileId: string, conversation_id: string) =>
  send('storage', user, 'POST', `/v1/storage/files/${fileId}/share`, { conversation_id });

const takeBack = (user: SampleUser, fileId: string, conversation: string) =>
  send('storage', user, 'DELETE', `/v1/storage/files/${fileId}/share/${conversation}`);

it('a file that is forwarded can be downloaded by its new readers, and forwarded on by them', async () => {
  const fileId = await upload(owner, { conversation_id: first });
  const said = await say(owner, first, fileId);
  expect(await download(reader, fileId)).toBe(404);
  const copy = await forward(friend, said, first, second);
  expect(await download(reader, fileId)).toBe(200);
  expect(await download(bystander, fileId)).toBe(404);
  await forward(reader, copy, second, third);
  expect(await download(bystander, fileId)).toBe(200);
});

it('its owner forwards a file that was uploaded without a conversation', async () => {
  const fileId = await upload(owner);
  const alone = await group(owner, bystander);
  const said = await say(owner, alone, fileId);
  expect(await download(friend, fileId)).toBe(404);
  await forward(owner, said, alone, first);
  expect(await download(friend, fileId)).toBe(200);
});

it('nobody shares a file that they cannot download themselves', async () => {
  const fileId = await upload(owner);
  const said = await say(friend, second, fileId);
  await forward(friend, said, second, first);
  await forward(friend, said, second, await group(friend, reader));
  expect(await download(friend, fileId)).toBe(404);
  expect(await download(reader, fileId)).toBe(404);
  expect((await share(friend, fileId, first)).status).toBe(404);
});

it('a deleted message takes its file with it, and the forwarded copies of that', async () => {
  const fileId = await upload(owner, { conversation_id: first });
  const copy = await forward(friend, await say(owner, first, fileId), first, second);
  await forward(reader, copy, second, third);
  expect(await download(bystander, fileId)).toBe(200);
  const deleted = await send('chat', friend, 'DELETE', `${copy}?conversation_id=${second}`);
  expect(deleted.status).toBe(200);
  expect(await download(reader, fileId)).toBe(404);
  expect(await download(bystander, fileId)).toBe(404);
  expect(await download(friend, fileId)).toBe(200);
});

it('a file shared by its owner can be downloaded, until that is revoked', async () => {
  const fileId = await upload(owner);
  const listed = `/v1/storage/files/${fileId}/share`;
  expect(await share(owner, fileId, first)).toEqual({
    status: 200,
    data: { file_id: fileId, conversation_id: first, shared: true },
  });
  expect(await share(owner, fileId, first)).toMatchObject({ status: 200 });
  expect(await download(friend, fileId)).toBe(200);
  expect((await send('storage', owner, 'GET', listed)).data).toEqual({ conversation_ids: [first] });
  const inFirst = `/v1/storage/files?conversation_id=${first}`;
  expect((await send('storage', owner, 'GET', inFirst)).data).toMatchObject({
    files: [{ file_id: fileId }],
  });
  for (const _again of [1, 2]) {
    expect(await takeBack(owner, fileId, first)).toEqual({
      status: 200,
      data: { file_id: fileId, conversation_id: first, shared: false },
    });
  }
  expect(await download(friend, fileId)).toBe(404);
  expect((await send('storage', owner, 'GET', listed)).data).toEqual({ conversation_ids: [] });
  await share(owner, fileId, first);
  expect(await download(friend, fileId)).toBe(200);
});

it('taken back where it was uploaded or forwarded to, it stays so', async () => {
  const fileId = await upload(owner, { conversation_id: first });
  const said = await say(owner, first, fileId);
  await forward(friend, said, first, second);
  await takeBack(owner, fileId, second);
  expect(await download(reader, fileId)).toBe(404);
  await forward(friend, said, first, second);
  expect(await download(reader, fileId)).toBe(404);
  await takeBack(owner, fileId, first);
  expect(await download(friend, fileId)).toBe(404);
  await forward(friend, said, first, await group(friend, reader));
  expect(await download(reader, fileId)).toBe(404);
});

it('is shared by its owner alone, to conversations that they take part in', async () => {
  const fileId = await upload(owner, { conversation_id: first });
  expect((await share(friend, fileId, second)).status).toBe(404);
  expect((await share(owner, fileId, second)).status).toBe(404);
  expect((await takeBack(friend, fileId, first)).status).toBe(404);
  expect((await send('storage', friend, 'GET', `/v1/storage/files/${fileId}/share`)).status).toBe(
    404,
  );
  await send('storage', owner, 'DELETE', `/v1/storage/files/${fileId}`);
  expect((await share(owner, fileId, first)).status).toBe(404);
  expect(await download(friend, fileId)).toBe(404);
});

it('the source of a message is set by forwarding alone', async () => {
  const forged = { conversation_id: first, message_id: first, sender_id: reader.userId };
  const body = { conversation_id: first, content: 'x', metadata: { forwarded_from: forged } };
  expect((await send('chat', owner, 'POST', '/v1/messages', body)).status).toBe(400);
  const fileId = await upload(owner, { conversation_id: first });
  const copy = await forward(friend, await say(owner, first, fileId), first, second);
  const path = `${copy}?conversation_id=${second}`;
  const edit = { content: 'y', metadata: { note: 1, forwarded_from: forged } };
  const { data } = await send('chat', friend, 'PATCH', path, edit);
  expect(data['metadata']).toEqual({
    note: 1,
    forwarded_from: expect.objectContaining({ sender_id: owner.userId }),
  });
});
