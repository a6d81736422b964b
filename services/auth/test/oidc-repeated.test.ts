import { Tokens } from '@secureconnect/contracts';
import {
  askRedis,
  eventually,
  type Reply,
  type TestOidcProvider,
  testOidcProvider,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import { comeBack, finish as finishAt } from './oidc-sign-in.ts';
import { rowsOf } from './rows.ts';

let provider: TestOidcProvider;
let auth: TestAuth;
beforeAll(async () => {
  provider = await testOidcProvider();
  auth = await startAuth(provider.environment);
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const cameBack = (person: string, path?: string, token?: string) =>
  comeBack(auth, person, path, token);

const finish = (body: object): Promise<Reply> => finishAt(auth, body);

const asked = (): number => provider.requests.get('/token') ?? 0;

/** All that finishing a sign-in stores of a person. */
async function storedOf(person: string): Promise<number> {
  const rows = await rowsOf(
    auth,
    `SELECT 1 FROM auth.users LEFT JOIN auth.sessions USING (user_id)
       LEFT JOIN auth.linked_identities USING (user_id) WHERE email = $1`,
    [`${person}@example.com`],
  );
  return rows.length;
}

/** Sessions cannot be written to Redis, and everything else works: so the handler begins. */
async function whileSessionsAreDenied(run: () => Promise<void>): Promise<void> {
  const { port } = auth.redis;
  expect(await askRedis(port, 'ACL SETUSER default -set')).toMatch(/^\+OK/);
  try {
    await run();
  } finally {
    await askRedis(port, 'ACL SETUSER default +set');
  }
  await eventually(async () => {
    const reply = await auth.call('GET', '/v1/degraded');
    expect(reply.body.data?.['degraded']).toBe(false);
  });
}

it('a first sign-in that Redis refused stores nothing, and succeeds when it is repeated', async () => {
  const body = await cameBack('repeats');
  const before = asked();
  await whileSessionsAreDenied(async () => {
    expect((await finish(body)).status).toBe(503);
    expect(asked()).toBe(before + 1);
    expect(await storedOf('repeats')).toBe(0);
  });
  const reply = await finish(body);
  expect(reply.status, reply.text).toBe(200);
  expect(asked()).toBe(before + 1);
  expect(await storedOf('repeats')).toBe(1);
  expect((await finish(body)).status).toBe(401);
});

it('a refused one cannot be repeated by a different browser', async () => {
  const body = await cameBack('robbed');
  const other = await cameBack('robber');
  await whileSessionsAreDenied(async () => expect((await finish(body)).status).toBe(503));
  expect((await finish({ ...body, browser_secret: other.browser_secret })).status).toBe(401);
  expect(await storedOf('robbed')).toBe(0);
});

it('what the provider said is of no use without the browser', async () => {
  const body = await cameBack('sealed');
  await whileSessionsAreDenied(async () => expect((await finish(body)).status).toBe(503));
  const rows = await rowsOf(auth, 'SELECT sealed_identity FROM auth.oidc_flows');
  const sealed = rows.map((row) => String((row as { sealed_identity: unknown }).sealed_identity));
  expect(sealed.join()).not.toContain('sealed@example.com');
});

it('a link whose storing failed succeeds when it is repeated', async () => {
  const { token } = await registerSomeone(auth);
  const body = await cameBack('linked', '/v1/users/me/identities/start', token);
  const path = '/v1/users/me/identities/finish';
  await rowsOf(
    auth,
    `CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'shutting down' USING ERRCODE = 'admin_shutdown'; END $$`,
  );
  await rowsOf(
    auth,
    `CREATE TRIGGER fail BEFORE INSERT ON auth.linked_identities
       FOR EACH ROW EXECUTE FUNCTION public.fail()`,
  );
  const failed = await auth.call('POST', path, { body, token });
  await rowsOf(auth, 'DROP TRIGGER fail ON auth.linked_identities');
  expect(failed.status, failed.text).toBe(503);
  expect((await auth.call('POST', path, { body, token })).status).toBe(201);
});

it('two first sign-ins of a person at once open one account', async () => {
  const bodies = [await cameBack('twice'), await cameBack('twice')];
  const replies = await Promise.all(bodies.map(finish));
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  const ids = replies.map(({ body }) => Tokens.parse(body.data).user.user_id);
  expect(new Set(ids).size).toBe(1);
});
