import { call, eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { startProcesses } from './processes.ts';
import { TokenLoad } from './token-load.ts';

/** The least that auth takes: tokens of the former key end within the test. */
const accessTokenSeconds = 60;
/** `npm run soak:keys` waits as long as operators do: a new key signs 150 s after it was published. */
const inFull = process.env['KEY_ROTATION'] === 'full';
const untilItSignsMs = inFull ? 170_000 : 30_000;
const minRequests = inFull ? 5000 : 1000;

it('a rotation by `npm run keys:rotate` under load fails no request of two processes, Redis frozen or not, and tokens of the former key are good until they end', {
  timeout: inFull ? 420_000 : 240_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { urls, redis, rotateKeys, signNow } = await startProcesses(stack, {
    ACCESS_TOKEN_SECONDS: String(accessTokenSeconds),
    SIGN_IN_WITHOUT_REDIS: 'durable',
    SIGNING_KEYS_SECRET: 'a secret that encrypts the keys of the test',
  });
  const account = { email: 'ada@example.com', password: 'correct horse battery staple' };
  const registration = { ...account, username: 'ada', display_name: 'Ada' };
  const registered = await call(urls.auth, 'POST', '/v1/auth/register', { body: registration });
  expect(registered.status, registered.text).toBe(201);

  const load = new TokenLoad(urls, account);
  const untilIssued = (algorithm: string, timeoutMs: number): Promise<void> =>
    eventually(() => expect(load.issued.get(algorithm)).toBeGreaterThan(5), {
      timeoutMs,
      intervalMs: 500,
    });
  await untilIssued('HS256', 20_000);
  // There is no key yet that this could end; the new one signs after 10 s instead of 150.
  expect(await rotateKeys('--compromised')).toMatch(/^Published the key \S+\. It signs from /);
  await untilIssued('EdDSA', 40_000);
  await rotateKeys('--algorithm', 'RS256');
  redis.freeze();
  if (!inFull) await signNow();
  await untilIssued('RS256', untilItSignsMs);
  redis.thaw();
  await load.stop();

  // The first ones say what went wrong.
  expect(load.failures.slice(0, 5)).toEqual([]);
  expect([...load.issued.keys()]).toEqual(['HS256', 'EdDSA', 'RS256']);
  expect(load.ended).toEqual(load.issued);
  expect(load.requests).toBeGreaterThan(minRequests);
});
