import { runService } from '@secureconnect/service';
import { createAuth, readAuthConfig } from './index.ts';

await runService({
  name: 'auth-service',
  readConfig: readAuthConfig,
  create: createAuth,
  port: (config) => ({ value: config.port, variable: 'AUTH_PORT' }),
});
