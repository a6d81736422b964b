import { join } from 'node:path';
import { freePort, ServiceProcess } from '@secureconnect/testkit';
import { jwtSecret, someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newPushScene, type PushScene, typesTo } from './push-scene.ts';

let scene: PushScene;
beforeEach(async () => {
  scene = await newPushScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const [ada, bob, eve]: readonly [TestUser, TestUser, TestUser] = [someone(), someone(), someone()];

it('while Redis is down nothing is pushed; when it is back, what still rings is', {
  timeout: 60_000,
}, async () => {
  const { world, video } = scene;
  const [phone, tablet] = [await scene.device(bob), await scene.device(eve)];
  const [toBob, toEve] = [await world.conversation(ada, bob), await world.conversation(ada, eve)];
  await world.redis.kill();
  const initiate = (conversationId: string) =>
    video.call(ada, 'POST', '/v1/calls/initiate', {
      call_type: 'audio',
      conversation_id: conversationId,
    });
  const first = await initiate(toBob);
  expect(first.headers.get('x-degraded')).toBe('revocations=snapshot, fan-out=local, push=skip');
  expect(first.body.meta?.degraded).toEqual(['revocations', 'fan-out', 'push']);
  const second = await initiate(toEve);
  await video.untilDegraded(true);
  const cancelled = await video.call(ada, 'POST', `/v1/calls/${second.body.data.call_id}/cancel`);
  expect(cancelled.headers.get('x-degraded')).toContain('push=skip');
  await world.redis.restart({ empty: true });
  await phone.subscription.hasGot(1, 20_000);
  expect(typesTo(phone)).toEqual(['call_ringing']);
  const [push] = phone.subscription.received();
  const left = (Date.parse(phone.subscription.data()[0].ring_until) - Date.now()) / 1000;
  expect(Math.abs(Number(push?.headers['ttl']) - left)).toBeLessThan(3);
  await scene.untilAllDone(eve);
  expect(typesTo(tablet)).toEqual([]);
});

it('a crash between the sending of a push and its mark sends one more, with the same key', {
  timeout: 60_000,
}, async () => {
  const { world, service, video } = scene;
  const phone = await scene.device(bob);
  const conversationId = await world.conversation(ada, bob);
  await video.close();
  const port = await freePort();
  const process_ = new ServiceProcess({
    main: join(import.meta.dirname, '../../src/main.ts'),
    url: `http://127.0.0.1:${port}`,
    environment: {
      ...process.env,
      ...scene.environment,
      LOG_LEVEL: 'fatal',
      DATABASE_URL: world.databaseUrl,
      REDIS_URL: world.redis.url,
      JWT_SECRET: jwtSecret,
      VIDEO_PORT: String(port),
      NODE_EXTRA_CA_CERTS: service.caFile,
    },
  });
  await process_.start();
  // The push has arrived, and its sender never learns of it.
  service.answer(phone.subscription, 'hang');
  const reply = await fetch(`http://127.0.0.1:${port}/v1/calls/initiate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ call_type: 'audio', conversation_id: conversationId }),
  });
  expect(reply.status).toBe(201);
  await phone.subscription.hasGot(1);
  await process_.end('SIGKILL');
  await world.start(scene.environment);
  await phone.subscription.hasGot(2, 20_000);
  await scene.untilAllDone(bob);
  const pushes = phone.subscription.received();
  expect(pushes).toHaveLength(2);
  expect(pushes[1]?.headers['topic']).toBe(pushes[0]?.headers['topic']);
  expect(phone.subscription.data()[1]).toEqual(phone.subscription.data()[0]);
});
