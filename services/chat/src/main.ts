import { join } from 'node:path';
import { runService } from '@secureconnect/service';
import { createChat, readChatConfig } from './index.ts';

await runService({
  name: 'chat-service',
  readConfig: readChatConfig,
  create: createChat,
  port: (config) => ({ value: config.port, variable: 'CHAT_PORT' }),
  schema: ({ databaseUrl }) => ({
    databaseUrl,
    schema: 'chat',
    directory: join(import.meta.dirname, '../migrations'),
  }),
});
