// A large file through the directory driver: npm run soak:storage -- --megabytes 1000
import { parseArgs } from 'node:util';
import { startTestPostgres } from '../../scripts/vitest/test-postgres.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '1000' } } });
const megabytes = Number(values.megabytes);
if (!(megabytes >= 1 && megabytes <= 5000)) {
  process.stderr.write('--megabytes is a number from 1 to 5000\n');
  process.exit(2);
}
/** So much may be held beside what was held before, whatever the size of the file. */
const mostGrowthBytes = 128 * 2 ** 20;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const database = await startTestPostgres(say);
try {
  const fileBytes = megabytes * 1e6;
  const { beforeBytes, peakBytes, seconds } = await soak({
    databaseUrl: database.url,
    fileBytes,
    say,
  });
  const rate = (bytes: number, took: number): string => `${(bytes / 1e6 / took).toFixed(0)} MB/s`;
  say(`
memory of the service before               ${mebibytes(beforeBytes)}
at most, while ${megabytes} MB were uploaded       ${mebibytes(peakBytes.upload)}   ${rate(fileBytes, seconds.upload)}
at most, while the parts were joined        ${mebibytes(peakBytes.complete)}   ${rate(fileBytes, seconds.complete)}
at most, while the second half was read     ${mebibytes(peakBytes.download)}   ${rate(fileBytes / 2, seconds.download)}`);
  const growthBytes = Math.max(...Object.values(peakBytes)) - beforeBytes;
  if (growthBytes > mostGrowthBytes) {
    say(`It grew by ${mebibytes(growthBytes)}.`);
    process.exitCode = 1;
  }
} finally {
  await database.stop();
}
