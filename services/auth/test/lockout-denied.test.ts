import { Tokens } from '@secureconnect/contracts';
import { deniedFaults, eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

async function setUp(environment: NodeJS.ProcessEnv = {}) {
  const auth = await startAuth(environment);
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
  const { password } = user;
  return { auth, fifteenWrong, rightOne: () => logIn(password) };
}

const untilDegraded = (auth: TestAuth, degraded: boolean) =>
  eventually(async () => {
    const reply = await auth.call('GET', '/v1/degraded');
    expect(reply.body.data?.['degraded']).toBe(degraded);
  });

const prompt = { REDIS_HEALTH_CHECK_INTERVAL: '1' };
/** Five guesses are judged, and the address is locked from then on. */
const locked = [...Array.from({ length: 5 }, () => 401), ...Array.from({ length: 10 }, () => 423)];

describe.each(deniedFaults)('the lockout at auth’s own port, with $name,', (fault) => {
  it('is seen before the mode knows, then the mode refuses every login and says why', async () => {
    const { auth, fifteenWrong, rightOne } = await setUp(prompt);
    await using _auth = auth;
    await fault.begin(auth.redis);
    const statuses = await fifteenWrong();
    // At some moment between two of them the mode may have come to know.
    const judged = statuses.filter((status) => status !== 503);
    expect(judged).toEqual(locked.slice(0, judged.length));
    expect([423, 503]).toContain(await rightOne());
    await untilDegraded(auth, true);
    expect(await fifteenWrong()).toEqual(Array.from({ length: 15 }, () => 503));
    expect(await rightOne()).toBe(503);
    const denied = expect.stringMatching(/^NOPERM eval(sha)?$/);
    const health = await auth.call('GET', '/health');
    expect(health.body).toMatchObject({ redis: 'degraded', redis_reason: denied });
    const entered = auth.logLines.filter((line) => line.includes('Redis entered degraded mode'));
    expect(entered.map((line) => JSON.parse(line).reason)).toEqual([denied]);
    expect(auth.logLines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);

    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    expect(await rightOne()).toBe(judged.length > 4 ? 423 : 200);
  });

  it('continues in the process if login may, and afterwards in Redis', async () => {
    const { auth, fifteenWrong, rightOne } = await setUp({
      ...prompt,
      ENABLE_STATELESS_AUTH: 'true',
    });
    await using _auth = auth;
    await fault.begin(auth.redis);
    await untilDegraded(auth, true);
    expect(await fifteenWrong()).toEqual(locked);
    expect(await rightOne()).toBe(423);

    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    expect(await rightOne()).toBe(423);
  });
});
