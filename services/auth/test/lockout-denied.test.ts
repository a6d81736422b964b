import { Tokens } from '@secureconnect/contracts';
import { deniedFaults, eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

async function setUp(environment: NodeJS.ProcessEnv = {}) {
  const auth = await startAuth({ REDIS_HEALTH_CHECK_INTERVAL: '1', ...environment });
  const newUser = async () => {
    const user = someone();
    const reply = await auth.call('POST', '/v1/auth/register', { body: user });
    Tokens.parse(reply.body.data);
    const logIn = async (password: string): Promise<number> => {
      const body = { email: user.email, password };
      return (await auth.call('POST', '/v1/auth/login', { body })).status;
    };
    const fifteenWrong = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 15; attempt += 1) statuses.push(await logIn('a wrong one'));
      return statuses;
    };
    return { fifteenWrong, rightOne: () => logIn(user.password) };
  };
  return { auth, newUser };
}

const untilDegraded = (auth: TestAuth, degraded: boolean) =>
  eventually(
    async () => {
      const reply = await auth.call('GET', '/v1/degraded');
      expect(reply.body.data?.['degraded']).toBe(degraded);
    },
    { timeoutMs: 10_000 },
  );

const five = [401, 401, 401, 401, 401];

describe.each(deniedFaults)('the lockout at auth’s own port, with $name,', (fault) => {
  it('goes on, and refuses every login once that is seen, the right one too, and says why', async () => {
    const { auth, newUser } = await setUp();
    await using _auth = auth;
    const [early, late] = [await newUser(), await newUser()];
    await fault.begin(auth.redis);
    const statuses = await early.fifteenWrong();
    // Logins count in SQL and need no script: as usual until somebody sees that Redis is not.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    for (const status of statuses.slice(5)) expect([423, 503]).toContain(status);
    expect([423, 503]).toContain(await early.rightOne());

    await untilDegraded(auth, true);
    expect(await late.fifteenWrong()).toEqual(Array.from({ length: 15 }, () => 503));
    expect(await late.rightOne()).toBe(503);
    const denied = expect.stringMatching(/^NOPERM \w+$/);
    const health = await auth.call('GET', '/health');
    expect(health.body).toMatchObject({ redis: 'degraded', redis_reason: denied });
    const entered = auth.logLines.filter((line) => line.includes('Redis entered degraded mode'));
    expect(entered.map((line) => JSON.parse(line).reason)).toEqual([denied]);
    expect(auth.logLines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);

    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    // Nothing was counted of what was refused.
    expect(await late.rightOne()).toBe(200);
  });

  it('goes on throughout where login may go on without Redis', async () => {
    const { auth, newUser } = await setUp({ ENABLE_STATELESS_AUTH: 'true' });
    await using _auth = auth;
    const user = await newUser();
    await fault.begin(auth.redis);
    const locked = Array.from({ length: 10 }, () => 423);
    expect(await user.fifteenWrong()).toEqual([...five, ...locked]);
    await untilDegraded(auth, true);
    expect(await user.rightOne()).toBe(423);

    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    expect(await user.rightOne()).toBe(423);
  });
});
