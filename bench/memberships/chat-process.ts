/** `node chat-process.ts SETTINGS`: serves one instance of chat and measures its event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { createLogger } from '@secureconnect/service';
import { endWithParent, tellParent } from '../support/child.ts';

/** Where the backends are, and what tokens are signed with. */
export interface ChatSettings {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
}

/** What the process says. */
export type ChatReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'watching' }
  /**
   * The longest time for which its event loop did nothing else since it was told to watch, and what
   * it keeps in memory now.
   */
  | { readonly kind: 'stalled'; readonly longestMs: number; readonly heapBytes: number };

const nanosecondsPerMs = 1e6;
const delay = monitorEventLoopDelay({ resolution: 1 });

endWithParent();
const settings = JSON.parse(process.argv[2] ?? '') as ChatSettings;
const config = readChatConfig({
  NODE_ENV: 'production',
  LOG_LEVEL: 'warn',
  DATABASE_URL: settings.databaseUrl,
  REDIS_URL: settings.redisUrl,
  JWT_SECRET: settings.jwtSecret,
});
const log = createLogger({ service: 'chat-service', level: config.logLevel });
const service = await createChat(config, log);
const tell = (report: ChatReport): void => tellParent(report);

process.on('message', (ask: 'watch' | 'report') => {
  if (ask === 'watch') {
    delay.reset();
    delay.enable();
    tell({ kind: 'watching' });
  } else {
    delay.disable();
    const longestMs = delay.max / nanosecondsPerMs;
    globalThis.gc?.();
    tell({ kind: 'stalled', longestMs, heapBytes: process.memoryUsage().heapUsed });
  }
});
tell({ kind: 'listening', port: await service.listen(0) });
