import { Drill, DrillList } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeRole } from '../src/change-role.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let database: Database;
let admin: Awaited<ReturnType<typeof registerSomeone>>;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
  admin = await registerSomeone(auth);
  await changeRole(database, admin.userId, 'admin');
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const begin = (body: object, token = admin.token) =>
  auth.call('POST', '/v1/admin/drills', { token, body });
const end = (drillId: string) =>
  auth.call('POST', `/v1/admin/drills/${drillId}/end`, { token: admin.token });
const drillsUnderWay = async () => {
  const { body } = await auth.call('GET', '/v1/admin/drills', { token: admin.token });
  return DrillList.parse(body.data).drills;
};
const table = async () => {
  const { body } = await auth.call('GET', '/v1/degraded');
  return body.data as Readonly<Record<string, unknown>>;
};
const untilDegraded = (degraded: boolean) =>
  eventually(async () => {
    expect(await table()).toMatchObject({ degraded });
  });
const metric = async (target: string) => {
  const text = await (await fetch(`${auth.url}/metrics`)).text();
  return new RegExp(
    `^degraded_mode_drill\\{service="auth-service",target="${target}"\\} (\\d)$`,
    'm',
  ).exec(text)?.[1];
};
const recorded = async () => {
  const [row] = await database.query<Readonly<Record<string, unknown>>>(
    `SELECT action, actor_kind, actor_id, user_id, details FROM auth.audit_entries
     WHERE action LIKE 'drill%' ORDER BY recorded_at DESC LIMIT 1`,
  );
  return { ...row, details: JSON.parse(String(row?.['details'])) };
};

it('lets auth act as if Redis were down, says so, and ends when it is told', async () => {
  const { status, body } = await begin({ services: ['auth'], seconds: 600 });
  expect(status).toBe(201);
  const drill = Drill.parse(body.data);
  expect(Date.parse(drill.ends_at) - Date.parse(drill.begun_at)).toBe(600_000);
  await untilDegraded(true);
  expect(await table()).toMatchObject({
    ...{ redis: 'unavailable', reason: 'drill', instance: expect.stringMatching(/^[0-9a-f]{8}$/) },
    drill_ends_at: expect.stringMatching(/Z$/),
  });
  expect(await metric('redis')).toBe('1');
  const { email, password } = admin;
  const login = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
  expect([login.status, login.body]).toEqual([
    503,
    expect.objectContaining({ code: 'redis_unavailable' }),
  ]);
  expect(await recorded()).toEqual({
    ...{ action: 'drill_begun', actor_kind: 'admin', actor_id: admin.userId, user_id: null },
    details: { drill_id: drill.drill_id, services: 'auth', dependency: 'redis', seconds: 600 },
  });
  expect(await drillsUnderWay()).toEqual([drill]);

  const ended = await end(drill.drill_id);
  expect([ended.status, Drill.parse(ended.body.data).ended_at]).toEqual([200, expect.any(String)]);
  await untilDegraded(false);
  expect(await table()).not.toHaveProperty('drill_ends_at');
  expect(await metric('redis')).toBe('0');
  expect(await drillsUnderWay()).toEqual([]);
  expect(await recorded()).toMatchObject({ action: 'drill_ended', actor_id: admin.userId });
  const again = await end(drill.drill_id);
  expect(again.body.data).toEqual(ended.body.data);
  const lines = auth.logLines.map((line) => JSON.parse(line) as { msg: string });
  const messages = lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('drill'));
  expect(messages).toEqual(['drill begins', 'drill ended']);
});

it('ends by itself', async () => {
  expect((await begin({ services: ['auth'], seconds: 1 })).status).toBe(201);
  await eventually(async () => {
    expect(await drillsUnderWay()).toEqual([]);
  });
  await untilDegraded(false);
});

it('of one port leaves the rest alone', async () => {
  const body = { services: ['auth'], port: 'sessions', seconds: 600 };
  const drill = Drill.parse((await begin(body)).body.data);
  await eventually(async () => {
    expect(await table()).toMatchObject({ port_drills: { sessions: expect.any(String) } });
  });
  expect(await table()).toMatchObject({ degraded: false, redis: 'available' });
  expect(await metric('sessions')).toBe('1');
  const { refresh_token } = admin;
  const refreshed = await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token } });
  expect(refreshed.status).toBe(503);
  expect((await auth.call('GET', '/v1/users/me', { token: admin.token })).status).toBe(200);
  await end(drill.drill_id);
  await eventually(async () => {
    const now = await table();
    expect([now['degraded'], now['port_drills']]).toEqual([false, undefined]);
  });
});

it('is refused beside a drill of the same processes, and beside an outage', async () => {
  const instance = '00000000';
  const drill = Drill.parse(
    (await begin({ services: ['auth', 'chat'], instance, seconds: 60 })).body.data,
  );
  const statuses = [
    { services: ['chat'], seconds: 60 },
    { services: ['gateway', 'auth'], instance, seconds: 60 },
    { services: ['video'], instance, seconds: 60 },
    { services: ['chat'], instance: '00000001', seconds: 60 },
  ].map(async (body) => (await begin(body)).status);
  expect(await Promise.all(statuses)).toEqual([409, 409, 201, 201]);
  for (const { drill_id } of await drillsUnderWay()) await end(drill_id);
  expect((await end(drill.drill_id)).status).toBe(200);

  await auth.redis.kill();
  try {
    await untilDegraded(true);
    const refused = await begin({ services: ['video'], seconds: 60 });
    expect([refused.status, refused.body]).toMatchObject([503, { code: 'redis_unavailable' }]);
    expect(await drillsUnderWay()).toEqual([]);
  } finally {
    await auth.redis.restart();
  }
  await untilDegraded(false);
});

it('names what is wrong with it', async () => {
  const refused = [
    { services: [], seconds: 60 },
    { services: ['auth', 'auth'], seconds: 60 },
    { services: ['storage'], seconds: 60 },
    { services: ['auth'], seconds: 3601 },
    { services: ['auth'], seconds: 0 },
    { services: ['auth', 'chat'], port: 'sessions', seconds: 60 },
    { services: ['auth'], instance: 'here', seconds: 60 },
  ].map(async (body) => (await begin(body)).status);
  expect(await Promise.all(refused)).toEqual([400, 400, 400, 400, 400, 400, 400]);
  const { status } = await end('3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab');
  expect(status).toBe(404);
});

it('needs an administrator, and to begin a recent sign-in', async () => {
  const { token } = await registerSomeone(auth);
  const body = { services: ['video'], seconds: 60 };
  expect((await begin(body, token)).status).toBe(403);
  const drill = Drill.parse((await begin({ ...body, instance: '00000002' })).body.data);
  await database.execute(
    `UPDATE auth.sessions SET created_at = created_at - interval '6 minutes' WHERE user_id = $1`,
    [admin.userId],
  );
  const late = await begin(body);
  expect([late.status, late.body.error?.code]).toEqual([403, 'STEP_UP_REQUIRED']);
  expect((await end(drill.drill_id)).status).toBe(200);
});
