import { join } from 'node:path';
import { runService } from '@secureconnect/service';
import { createGateway, readGatewayConfig } from './index.ts';

await runService({
  name: 'api-gateway',
  readConfig: readGatewayConfig,
  create: createGateway,
  port: (config) => ({ value: config.port, variable: 'GATEWAY_PORT' }),
  schema: ({ databaseUrl }) => ({
    databaseUrl,
    schema: 'gateway',
    directory: join(import.meta.dirname, '../migrations'),
  }),
});
