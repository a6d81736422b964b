import { call, eventually, type SampleUser } from '@secureconnect/testkit';
import { afterAll, expect, it } from 'vitest';
import { databaseOf, newScene, openDevice, type Scene, signIn } from '../calls/scene.ts';
import { startPushStack } from './push-stack.ts';

const pushes = await startPushStack();
const { stack, subscribe, untilAllDone } = pushes;
afterAll(() => pushes[Symbol.asyncDispose]());

async function send(token: string, method: string, path: string, body?: object) {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const reply = await call<any>(stack.urls.gateway, method, path, { token, body });
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body.data;
}

const say = ({ token }: SampleUser, { conversationId }: Scene, content: string) =>
  send(token, 'POST', '/v1/messages', { conversation_id: conversationId, content });

it('a message is pushed to the receivers’ devices without a socket, without its text', async () => {
  const scene = await newScene(stack, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const [sender, phone] = [await subscribe(ada.token), await subscribe(bob.token)];
  const laptopToken = await signIn(stack, bob);
  const laptop = await subscribe(laptopToken);
  await using socket = await openDevice(stack, laptopToken);
  const message = await say(ada, scene, 'the text of a secret');
  await socket.next('chat');
  await phone.hasGot(1);
  await untilAllDone(ada, bob);
  expect(phone.data()).toEqual([
    {
      type: 'message',
      conversation_id: scene.conversationId,
      message_id: message.message_id,
      from: ada.userId,
    },
  ]);
  const [push] = phone.received();
  expect(push?.headers).toMatchObject({
    urgency: 'normal',
    topic: scene.conversationId.replaceAll('-', ''),
  });
  expect(Number(push?.headers['ttl'])).toBeGreaterThan(3 * 3600);
  expect([sender.received(), laptop.received()]).toEqual([[], []]);
});

it('in a group, a user who has blocked the sender is not pushed, and the others are', async () => {
  const scene = await newScene(stack, 3);
  const [ada, bob, eve] = scene.users as readonly [SampleUser, SampleUser, SampleUser];
  const [ofBob, ofEve] = [await subscribe(bob.token), await subscribe(eve.token)];
  await send(bob.token, 'POST', '/v1/users/blocks', { user_id: ada.userId });
  await say(ada, scene, 'to all');
  await ofEve.hasGot(1);
  await say(eve, scene, 'from somebody else');
  await ofBob.hasGot(1);
  await untilAllDone(bob, eve);
  expect(ofBob.data().map(({ from }) => from)).toEqual([eve.userId]);
});

it('after an outage of Redis, each conversation is pushed once, and none that was read meanwhile', {
  timeout: 90_000,
}, async () => {
  const scene = await newScene(stack, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const read = await newScene(stack, 3, [ada, bob]);
  const phone = await subscribe(bob.token);
  await stack.redis.kill();
  let last = await say(ada, scene, 'one');
  for (const text of ['two', 'three']) last = await say(ada, scene, text);
  const seen = await say(ada, read, 'read on a different device');
  const query = `?conversation_id=${read.conversationId}`;
  await eventually(async () => {
    await using database = databaseOf(stack);
    const waiting = await database.sql.query(
      `SELECT 1 FROM video.outbox WHERE owner_id = $1 AND last_error = 'REDIS_DOWN'`,
      [bob.userId],
    );
    expect(waiting.length).toBeGreaterThanOrEqual(2);
  });
  await send(bob.token, 'POST', `/v1/messages/${seen.message_id}/read${query}`);
  expect(phone.received()).toEqual([]);
  await stack.redis.restart({ empty: true });
  await phone.hasGot(1, 40_000);
  await untilAllDone(bob);
  expect(phone.data().map(({ message_id }) => message_id)).toEqual([last.message_id]);
});
