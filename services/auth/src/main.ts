import { join } from 'node:path';
import { runService } from '@secureconnect/service';
import { createAuth, readAuthConfig } from './index.ts';

await runService({
  name: 'auth-service',
  readConfig: readAuthConfig,
  create: createAuth,
  port: (config) => ({ value: config.port, variable: 'AUTH_PORT' }),
  schema: ({ databaseUrl }) => ({
    databaseUrl,
    schema: 'auth',
    directory: join(import.meta.dirname, '../migrations'),
  }),
});
