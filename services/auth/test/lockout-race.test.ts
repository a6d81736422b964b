import { type Database, openDatabase } from '@secureconnect/postgres';
import { ApiError, createMetrics } from '@secureconnect/service';
import { eventually, FaultProxy, type Reply } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthContext } from '../src/context.ts';
import { createPasswords } from '../src/passwords.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

const wrong = 'not the password';
/** The passwords that were compared with a hash, of all instances. */
const judged: string[] = [];
/** What each comparison waits for, and may fail with. */
let beforeJudging: (password: string) => Promise<void> = async () => undefined;

async function countingPasswords(): Promise<Pick<AuthContext, 'passwords'>> {
  const passwords = await createPasswords({ cost: 4, metrics: createMetrics() });
  return {
    passwords: {
      ...passwords,
      async matches(password, storedHash, client) {
        await beforeJudging(password);
        judged.push(password);
        return passwords.matches(password, storedHash, client);
      },
    },
  };
}

beforeEach(() => {
  judged.length = 0;
  beforeJudging = async () => undefined;
});

const judgedWrong = (): number =>
  judged.filter((password) => password !== someone().password).length;

const login = (auth: TestAuth, email: string, password = wrong): Promise<Reply> =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

async function register(auth: TestAuth) {
  const user = someone();
  expect((await auth.call('POST', '/v1/auth/register', { body: user })).status).toBe(201);
  return user;
}

const count = (replies: readonly Reply[], status: number): number =>
  replies.filter((reply) => reply.status === status).length;

/** Sixty logins at once, taking turns at the instances; all are wrong but those named. */
const sixtyAtOnce = (
  instances: readonly TestAuth[],
  email: string,
  right: { readonly password: string; readonly at: readonly number[] } = { password: '', at: [] },
): Promise<Reply[]> =>
  Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const instance = instances[index % instances.length];
      if (instance === undefined) throw new Error('no instance');
      return login(instance, email, right.at.includes(index + 1) ? right.password : wrong);
    }),
  );

function expectLocked(replies: readonly Reply[]): void {
  for (const { status, headers, body } of replies) {
    expect([status, body.error?.code]).toEqual([423, 'ACCOUNT_LOCKED']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(880);
  }
}

let auth: TestAuth;
let other: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth({}, await countingPasswords());
  other = await startAuth({}, await countingPasswords(), auth);
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await other[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
});

describe('sixty concurrent logins of one address', () => {
  it.each([
    ['one instance', () => [auth]],
    ['two instances', () => [auth, other]],
  ])('at %s: five are judged, the others locked out, even the right one', async (_, at) => {
    const user = await register(auth);
    const replies = await sixtyAtOnce(at(), user.email, { password: user.password, at: [40] });
    expect(judged).toEqual([wrong, wrong, wrong, wrong, wrong]);
    expect(count(replies, 401)).toBe(5);
    expectLocked(replies.filter(({ status }) => status !== 401));
    expect(replies[39]?.status).toBe(423);
    expectLocked([await login(auth, user.email, user.password)]);
  });

  it('are judged in the same way for an unknown address', async () => {
    const replies = await sixtyAtOnce([auth, other], someone().email);
    expect(judgedWrong()).toBe(5);
    expect([count(replies, 401), count(replies, 423)]).toEqual([5, 55]);
    expectLocked(replies.filter(({ status }) => status !== 401));
  });

  it('are still five guesses when right ones, begun before any failure, make room', async () => {
    const user = await register(auth);
    const gate = Promise.withResolvers<void>();
    const begun: string[] = [];
    beforeJudging = (password) => {
      begun.push(password);
      return gate.promise;
    };
    const right = [1, 2, 3].map(() => login(auth, user.email, user.password));
    await eventually(() => expect(begun).toHaveLength(3));
    const guesses = sixtyAtOnce([auth, other], user.email);
    await eventually(() => expect(begun).toHaveLength(5));
    gate.resolve();
    const replies = await guesses;
    expect(judgedWrong()).toBe(5);
    expect([count(replies, 401), count(replies, 423)]).toEqual([5, 55]);
    expect(count(await Promise.all(right), 200)).toBe(3);
  });

  it('succeed if all are right', async () => {
    const user = await register(auth);
    const at = Array.from({ length: 60 }, (_, index) => index + 1);
    const replies = await sixtyAtOnce([auth, other], user.email, { password: user.password, at });
    expect(count(replies, 200)).toBe(60);
    expect((await login(auth, user.email)).status).toBe(401);
    expect((await login(auth, user.email, user.password)).status).toBe(200);
  });
});

describe('without Redis, where logins are stateless', () => {
  it('five are judged at all instances together, and stay counted when Redis is back', async () => {
    await using ground = await startAuth(
      { ENABLE_STATELESS_AUTH: 'true' },
      await countingPasswords(),
    );
    await using proxy = await FaultProxy.start(Number(new URL(ground.redis.url).port));
    const environment = { REDIS_URL: proxy.url, ENABLE_STATELESS_AUTH: 'true' };
    await using cutOff = await startAuth(environment, await countingPasswords(), ground);
    await using alsoCutOff = await startAuth(environment, await countingPasswords(), ground);
    const user = await register(ground);
    await proxy.setMode({ kind: 'refused' });
    const replies = await sixtyAtOnce([cutOff, alsoCutOff, ground], user.email, {
      password: user.password,
      at: [40],
    });
    expect(judged).toEqual([wrong, wrong, wrong, wrong, wrong]);
    expectLocked(replies.filter(({ status }) => status !== 401));
    expectLocked([await login(cutOff, user.email, user.password)]);
    await proxy.setMode({ kind: 'pass' });
    await eventually(async () => {
      const reply = await cutOff.call('GET', '/v1/degraded');
      expect(reply.body.data?.['degraded']).toBe(false);
    });
    await ground.redis.restart({ empty: true });
    await eventually(async () => expectLocked([await login(cutOff, user.email, user.password)]));
  });
});

describe('a success', () => {
  it('forgives failures from before it began', async () => {
    const user = await register(auth);
    for (let round = 0; round < 3; round += 1) {
      for (let time = 0; time < 4; time += 1) {
        expect((await login(auth, user.email)).status).toBe(401);
      }
      expect((await login(other, user.email, user.password)).status).toBe(200);
    }
  });

  it('does not forgive failures while it is judged', async () => {
    const user = await register(auth);
    expect((await login(auth, user.email)).status).toBe(401);
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    beforeJudging = async (password) => {
      if (password === wrong) return;
      arrived.resolve();
      await held.promise;
    };
    const slow = login(auth, user.email, user.password);
    await arrived.promise;
    for (let time = 0; time < 3; time += 1) {
      expect((await login(other, user.email)).status).toBe(401);
    }
    held.resolve();
    expect((await slow).status).toBe(200);
    // Three are counted still; the one that came before it began is not.
    for (let time = 0; time < 2; time += 1) {
      expect((await login(auth, user.email)).status).toBe(401);
    }
    expectLocked([await login(auth, user.email, user.password)]);
  });
});

describe('an attempt that was not judged', () => {
  it('is not counted, however often', async () => {
    const user = await register(auth);
    beforeJudging = async () => {
      throw new ApiError('SERVICE_UNAVAILABLE', 'Too many passwords at once; retry.');
    };
    for (let time = 0; time < 7; time += 1) {
      expect((await login(auth, user.email, user.password)).status).toBe(503);
    }
    beforeJudging = async () => undefined;
    expect((await login(auth, user.email, user.password)).status).toBe(200);
  });

  it('counts for a minute if its process has ended, and no longer', async () => {
    const user = await register(auth);
    const held = Promise.withResolvers<void>();
    beforeJudging = () => held.promise;
    const lost = Array.from({ length: 5 }, () => login(auth, user.email));
    const inFlight = 'SELECT 1 FROM auth.failed_logins WHERE array_length(in_flight, 1) = 5';
    await eventually(async () => expect(await database.query(inFlight)).toHaveLength(1));
    const waiting = await login(other, user.email, user.password);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([503, '1']);
    await database.execute(
      "UPDATE auth.failed_logins SET in_flight_until = now() - interval '1 ms'",
    );
    beforeJudging = async () => undefined;
    expect((await login(other, user.email, user.password)).status).toBe(200);
    held.resolve();
    // What those come to is counted when it is known.
    expect(count(await Promise.all(lost), 401)).toBe(5);
    expectLocked([await login(auth, user.email, user.password)]);
  });
});

describe('a password reset', () => {
  it('unlocks at once, and lets no guess that is being judged go uncounted', async () => {
    const user = await register(auth);
    await auth.call('POST', '/v1/auth/password-reset/request', { body: { email: user.email } });
    const token = await eventually(async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    });
    for (let time = 0; time < 4; time += 1) await login(auth, user.email);
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    beforeJudging = async () => {
      arrived.resolve();
      await held.promise;
    };
    const slow = login(auth, user.email);
    await arrived.promise;
    const confirmation = { token, new_password: 'another good password' };
    const path = '/v1/auth/password-reset/confirm';
    expect((await auth.call('POST', path, { body: confirmation })).status).toBe(200);
    beforeJudging = async () => undefined;
    expect((await login(other, user.email, 'another good password')).status).toBe(200);
    held.resolve();
    expect((await slow).status).toBe(401);
    for (let time = 0; time < 4; time += 1) {
      expect((await login(auth, user.email)).status).toBe(401);
    }
    expectLocked([await login(auth, user.email, 'another good password')]);
  });
});
