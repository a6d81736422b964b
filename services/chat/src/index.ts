import { randomUUID } from 'node:crypto';
import { Hub, RedisBus, SocketServer } from '@secureconnect/realtime';
import { createMetrics, createService, type Logger, type Service } from '@secureconnect/service';
import { openBackends } from '@secureconnect/tokens/backends';
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
  const backends = openBackends({ name, config, log, resources });
  const { database, mode, redis, snapshot, verifyToken } = backends;

  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'chat', log });
  const chatSockets = new ChatSockets(hub, log);
  const presence = redisPresence(redis.commands, randomUUID());
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
  await backends.start();

  return createService(
    {
      name,
      log,
      context,
      routes: chatRoutes,
      ports: createChatPorts({ redis: redis.commands, database, snapshot, hub, bus, presence }),
      mode,
      verifyToken,
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
