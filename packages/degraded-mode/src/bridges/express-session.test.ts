import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/node-redis';
import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import session, { MemoryStore } from 'express-session';
import { expect, it } from 'vitest';
import { bridgeScene } from '../../test/bridge-scene.ts';
import { declaredSession, sessionPort } from './express-session.ts';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

const fallbacks = {
  durable: failOpen.durable(),
  local: failOpen.local(),
  closed: failClosed({ retryAfterSeconds: 7 }),
};

/** Sessions by connect-redis behind three rows, and a store that stands for one in SQL. */
const scene = (durable = new MemoryStore()) =>
  bridgeScene(async (app, url) => {
    const connection = await connect(url, { service: 'shop' });
    const { redis, mode, monitor } = connection;
    const { port, reconciler } = sessionPort(new RedisStore({ client: redis }), { durable });
    await monitor.addReconciler(reconciler);
    const route = degradedRoutes(app, mode, definePorts({ sessions: port }));
    const options = { secret: 'not secret', saveUninitialized: false, resave: false };
    for (const [name, sessions] of Object.entries(fallbacks)) {
      const row = {
        route: `sessions of /${name}`,
        operation: 'sign-in',
        whenRedisDown: { sessions },
      };
      app.use(`/${name}`, route.declared(row, declaredSession(session, options)));
    }
    app.post('/:any/in/:user', (request: Request<{ user: string }>, response) => {
      request.session.user = request.params.user;
      response.send('signed in');
    });
    app.post('/:any/out', (request: Request, response, next) => {
      request.session.destroy((error) => (error ? next(error) : response.send('signed out')));
    });
    app.get('/:any/who', (request: Request, response) => {
      response.send(request.session.user ?? 'nobody');
    });
    return connection;
  });

it('sessions outlast an outage where a row says so, and are refused where it does not', async () => {
  await using app = await scene();
  const ada = (await app.send('POST', '/durable/in/ada')).cookie;
  expect(await app.send('GET', '/durable/who', ada)).toMatchObject({ text: 'ada', degraded: null });

  await app.redis.kill();
  // The first request after the outage began: it is refused before it acts, or its session is kept.
  expect(await app.send('POST', '/closed/in/eve')).toMatchObject({ status: 503 });
  const bea = await app.send('POST', '/durable/in/bea');
  expect(bea).toMatchObject({ status: 200, degraded: 'sessions=durable' });
  const cem = await app.send('POST', '/local/in/cem');
  expect(cem).toMatchObject({ status: 200, degraded: 'sessions=local' });
  expect(await app.send('GET', '/durable/who', bea.cookie)).toMatchObject({ text: 'bea' });
  expect(await app.send('GET', '/local/who', cem.cookie)).toMatchObject({ text: 'cem' });
  expect(await app.send('GET', '/local/who', ada)).toMatchObject({ text: 'nobody' });
  expect(await app.send('GET', '/durable/who', ada)).toMatchObject({ text: 'ada' });
  expect(await app.send('POST', '/durable/out', ada)).toMatchObject({ text: 'signed out' });
  expect(await app.send('GET', '/closed/who', ada)).toMatchObject({ status: 503 });

  await app.redis.restart();
  await app.untilDegraded(false);
  const who = async (cookie?: string) => (await app.send('GET', '/durable/who', cookie)).text;
  expect(await who(bea.cookie)).toBe('bea');
  expect(await who(cem.cookie)).toBe('cem');
  expect(await who(ada)).toBe('nobody');
});

it('no end of a session is forgotten: beyond the maximum it is an error', async () => {
  const { port } = sessionPort(new MemoryStore(), { maxSessions: 2 });
  await port.local.destroy('a');
  await port.local.destroy('b');
  await port.local.destroy('b');
  await expect(port.local.destroy('c')).rejects.toThrow(
    'more than 2 sessions have changed without Redis',
  );
});

it('a session that cannot be saved is no success, also while Redis is frozen', async () => {
  await using app = await scene();
  app.redis.freeze();
  const refused = await app.send('POST', '/closed/in/ada');
  expect(refused).toMatchObject({ status: 503, degraded: null });
  const local = await app.send('POST', '/local/in/bea');
  expect(local).toMatchObject({ status: 200, degraded: 'sessions=local' });
  app.redis.thaw();
  await app.untilDegraded(false);
  expect(await app.send('GET', '/local/who', local.cookie)).toMatchObject({ text: 'bea' });
});
