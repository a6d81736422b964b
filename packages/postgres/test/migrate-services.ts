import { join } from 'node:path';
import { migrate } from '../src/index.ts';

const services = join(import.meta.dirname, '../../../services');

/** Brings the schemas of these services up to date, by their own migrations and in this order. */
export async function migrateServices(
  databaseUrl: string,
  names: readonly string[],
): Promise<void> {
  for (const schema of names) {
    await migrate({ databaseUrl, schema, directory: join(services, schema, 'migrations') });
  }
}
