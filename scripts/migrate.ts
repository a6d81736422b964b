// Brings the schema of every service up to date: node scripts/migrate.ts, with DATABASE_URL set.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../packages/postgres/src/index.ts';

const services = join(import.meta.dirname, '..', 'services');
const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  process.stderr.write('DATABASE_URL is not set; expected a postgresql:// URL.\n');
  process.exit(1);
}

for (const schema of readdirSync(services).sort()) {
  const directory = join(services, schema, 'migrations');
  if (!existsSync(directory) || readdirSync(directory).length === 0) continue;
  const done = await migrate({ databaseUrl, schema, directory });
  process.stdout.write(`${schema}: ${done.length === 0 ? 'up to date' : done.join(', ')}\n`);
}
