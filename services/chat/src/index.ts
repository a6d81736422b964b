import { randomUUID } from 'node:crypto';
import { openDatabase } from '@secureconnect/postgres';
import { Hub, RedisBus, SocketServer } from '@secureconnect/realtime';
import { openRedis, redisMode } from '@secureconnect/redis';
import { createMetrics, createService, type Logger, type Service } from '@secureconnect/service';
import {
  createTokenVerifier,
  RevocationSnapshot,
  revocationReconciler,
} from '@secureconnect/tokens';
import type { ChatConfig } from './config.ts';
import type { ChatContext } from './context.ts';
import { redisPresence } from './ports/presence.ts';
import { createChatPorts } from './ports.ts';
import { chatRoutes } from './routes/index.ts';
import { socketLimits } from './routes/socket.ts';
import { ChatSockets } from './sockets/chat-sockets.ts';
import { PostgresMessages } from './stores/postgres-messages.ts';
import { TimeUuidGenerator } from './timeuuid.ts';

const name = 'chat-service';

/** Builds the chat service. `overrides` replace parts of the context; tests use them. */
export async function createChat(
  config: ChatConfig,
  log: Logger,
  overrides: Partial<ChatContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const onIdleError = (error: Error): void => log.warn({ err: error }, 'database connection lost');
  const url = config.databaseUrl;
  const database = openDatabase({ url, applicationName: name, onIdleError });
  resources.defer(() => database.close());

  const mode = redisMode(name, config.redis);
  const redis = openRedis({ config: config.redis, mode, log });
  resources.defer(() => redis.close());
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());

  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'chat', log });
  const chatSockets = new ChatSockets(hub, log);
  const presence = redisPresence(redis.commands, randomUUID());
  redis.addReconciler(revocationReconciler(redis.commands, snapshot));
  redis.addReconciler(chatSockets.presenceReconciler(presence));

  const metrics = createMetrics();
  const context: ChatContext = {
    database,
    messages: new PostgresMessages(database),
    timeUuids: new TimeUuidGenerator(),
    hub,
    sockets: overrides.sockets ?? new SocketServer({ metrics, mode, limits: socketLimits }),
    chatSockets,
    ...overrides,
  };
  await snapshot.start();
  await redis.start();

  return createService(
    {
      name,
      log,
      context,
      routes: chatRoutes,
      ports: createChatPorts({ redis: redis.commands, database, snapshot, hub, bus, presence }),
      mode,
      verifyToken: createTokenVerifier({ secret: config.jwtSecret }),
      readiness: { database: () => database.ping() },
      trustedProxies: config.trustedProxies,
      onStop: () => context.sockets.close(),
    },
    resources.move(),
    metrics,
  );
}

export { type ChatConfig, readChatConfig } from './config.ts';
export { chatRoutes } from './routes/index.ts';
