import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { askRedis, eventually, type SampleUser } from '@secureconnect/testkit';
import { afterAll, expect, it } from 'vitest';
import { startPushStack } from '../push/push-stack.ts';
import { act, newScene, openDevice, ring, signIn } from './scene.ts';

const pushes = await startPushStack();
const { stack, subscribe, untilAllDone } = pushes;
afterAll(() => pushes[Symbol.asyncDispose]());

/** How many sockets of a user video finds in Redis. */
async function socketsOf({ userId }: SampleUser): Promise<number> {
  const { sockets } = createKeyspace(defaultKeyPrefix).presence(userId);
  const reply = await askRedis(Number(new URL(stack.redis.url).port), `ZCARD ${sockets}`);
  return Number(/^:(\d+)/.exec(reply)?.[1]);
}

const untilSockets = (user: SampleUser, count: number) =>
  eventually(async () => expect(await socketsOf(user)).toBe(count));

it('a device with a socket hears of a call there and is not pushed, also after Redis lost all', {
  timeout: 60_000,
}, async () => {
  const scene = await newScene(stack, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const otherToken = await signIn(stack, bob);
  const [laptop, phone] = [await subscribe(bob.token), await subscribe(otherToken)];
  const sockets = [await openDevice(stack, bob.token), await openDevice(stack, bob.token)] as const;
  await untilSockets(bob, 1);

  const first = await ring(stack, ada, scene);
  for (const socket of sockets) await socket.next('call_ringing');
  await phone.hasGot(1);
  await act(stack, ada.token, first, 'cancel');
  await phone.hasGot(2);
  await untilAllDone(bob);
  expect(phone.data().map(({ type }) => type)).toEqual(['call_ringing', 'call_ended']);
  expect(laptop.received()).toEqual([]);

  // One of two sockets of the session is enough.
  await sockets[1].close();
  await stack.redis.kill();
  await stack.redis.restart({ empty: true });
  await eventually(async () => expect(await socketsOf(bob)).toBe(1), { timeoutMs: 20_000 });
  const second = await ring(stack, ada, scene);
  await phone.hasGot(3, 20_000);
  await act(stack, ada.token, second, 'cancel');
  await untilAllDone(bob);
  expect(laptop.received()).toEqual([]);

  await sockets[0].close();
  await untilSockets(bob, 0);
  await ring(stack, ada, scene);
  await laptop.hasGot(1);
});
