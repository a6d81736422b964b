import { testPostgres } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { soak } from './soak.ts';

const mebibyte = 1024 ** 2;

it('moves a file through the service without holding it in memory', async () => {
  await using database = await testPostgres();
  const fileBytes = 192 * mebibyte;
  const options = { databaseUrl: database.url, fileBytes, say: () => undefined };
  const { beforeBytes, peakBytes } = await soak(options);
  // What the collector has not yet taken back, whatever the size of the file.
  for (const peak of Object.values(peakBytes)) {
    expect(peak - beforeBytes).toBeLessThan(96 * mebibyte);
  }
}, 120_000);
