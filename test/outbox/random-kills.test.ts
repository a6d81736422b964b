import { migratedDatabase } from '@secureconnect/postgres/testing';
import { expect, it } from 'vitest';
import { runRandomKills } from './random-kills.ts';

// The long form: npm run soak:outbox
it('loses none of 400 effects whose workers are killed, and delivers none that was rolled back', {
  timeout: 120_000,
}, async () => {
  await using server = await migratedDatabase(['auth']);
  const result = await runRandomKills({
    databaseUrl: server.url,
    effects: 400,
    workers: 2,
    killEveryMs: 150,
    timeoutMs: 100_000,
  });
  expect(result).toMatchObject({ lost: [], unknown: [], unfinished: 0 });
  expect(result.kills).toBeGreaterThan(0);
});
