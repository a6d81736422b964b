/**
 * Writes `.env` with new secrets for docker-compose.yml: `npm run compose:env`. It keeps an
 * existing file, because existing databases need its secrets.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentFile } from './compose/environment-file.ts';

const file = join(import.meta.dirname, '..', '.env');
try {
  // Readable by this user alone; never replaces an existing file.
  writeFileSync(file, environmentFile(), { flag: 'wx', mode: 0o600 });
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  console.error('.env exists and was not changed. To create new secrets, remove it first.');
  process.exit(1);
}
console.log('Wrote .env. Set SMTP_URL in it to your mail server, then: docker-compose up -d');
