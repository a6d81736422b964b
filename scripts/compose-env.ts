/**
 * Writes `.env` with fresh secrets for docker-compose.yml: `npm run compose:env`. What is there stays:
 * with other secrets the databases of before would not open.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentFile } from './compose/environment-file.ts';

const file = join(import.meta.dirname, '..', '.env');
try {
  // For this user alone, and never over a file that is there.
  writeFileSync(file, environmentFile(), { flag: 'wx', mode: 0o600 });
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  console.error('There is an .env already; it stays as it is. Remove it first for new secrets.');
  process.exit(1);
}
console.log('Wrote .env. Set SMTP_URL in it to your mail server, then: docker-compose up -d');
