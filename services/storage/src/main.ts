import { join } from 'node:path';
import { runService } from '@secureconnect/service';
import { createStorage, readStorageConfig } from './index.ts';

await runService({
  name: 'storage-service',
  readConfig: readStorageConfig,
  create: createStorage,
  port: (config) => ({ value: config.port, variable: 'STORAGE_PORT' }),
  schema: ({ databaseUrl }) => ({
    databaseUrl,
    schema: 'storage',
    directory: join(import.meta.dirname, '../migrations'),
  }),
});
