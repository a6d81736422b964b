import { join } from 'node:path';
import { runService } from '@secureconnect/service';
import { createVideo, readVideoConfig } from './index.ts';

await runService({
  name: 'video-service',
  readConfig: readVideoConfig,
  create: createVideo,
  port: (config) => ({ value: config.port, variable: 'VIDEO_PORT' }),
  schema: ({ databaseUrl }) => ({
    databaseUrl,
    schema: 'video',
    directory: join(import.meta.dirname, '../migrations'),
  }),
});
