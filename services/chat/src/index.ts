import { randomUUID } from 'node:crypto';
import { callNoticesBus, keyNoticesBus, keyNoticesRoom } from '@secureconnect/contracts';
import { Hub, RedisBus, SocketServer } from '@secureconnect/realtime';
import {
  createBatchMetrics,
  createMetrics,
  createService,
  type Logger,
  type Service,
} from '@secureconnect/service';
import {
  createSocketTickets,
  revocationsBound,
  startErasing,
  startExporting,
} from '@secureconnect/tokens';
import { openServiceConnections } from '@secureconnect/tokens/service-connections';
import type { ChatConfig } from './config.ts';
import type { ChatContext, ChatOverrides, RouteContext } from './context.ts';
import { startHousekeeping } from './housekeeping.ts';
import { eraseUser } from './operations/erase-user.ts';
import { exportedLists } from './operations/export-user.ts';
import { redisPresence } from './ports/presence.ts';
import { createChatPorts } from './ports.ts';
import { chatRoutes } from './routes/index.ts';
import { socketLimits } from './routes/socket.ts';
import { BlockedListeners } from './sockets/blocked-listeners.ts';
import { UserCallNotices } from './sockets/call-notices.ts';
import { startCallTail } from './sockets/call-tail.ts';
import { ChatSockets } from './sockets/chat-sockets.ts';
import { DeviceKeyNotices } from './sockets/key-notices.ts';
import { StoreTail } from './sockets/store-tail.ts';
import { createTailMetrics } from './sockets/tail-metrics.ts';
import { createMessageStoreMode } from './stores/message-store-mode.ts';
import { openMessageStore } from './stores/open-message-store.ts';
import { TimeUuidGenerator } from './timeuuid.ts';

const name = 'chat-service';
/** The store may repeat deliveries of the bus up to half a minute later. */
const rememberedDeliveries = 200_000;

/** Builds the chat service. Tests and benchmarks use `overrides`. */
export async function createChat(
  config: ChatConfig,
  log: Logger,
  { socketOptions, ...overrides }: ChatOverrides = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const connections = openServiceConnections({ name, config, log, resources, metrics });
  const { database, mode, redis, snapshot, verifyToken } = connections;

  const hub = new Hub(rememberedDeliveries);
  const bus = new RedisBus({ redis, hub, name: 'chat', log, joins: true });
  const videoHub = new Hub();
  const videoBus = new RedisBus({ redis, hub: videoHub, name: callNoticesBus, log });
  const callNotices = new UserCallNotices({ busHub: videoHub, database, log });
  const chatSockets = new ChatSockets({ hub, database, log });
  const authHub = new Hub();
  const authBus = new RedisBus({ redis, hub: authHub, name: keyNoticesBus, log });
  authHub.join(new DeviceKeyNotices({ chatSockets, log }), [keyNoticesRoom]);
  const presence = redisPresence(redis.commands, randomUUID());
  const revocations = connections.feedRevocations(revocationsBound);

  const measures = createBatchMetrics(metrics)('messages');
  const messageStoreMode = createMessageStoreMode(name);
  const store = await openMessageStore({
    ...{ config: config.messageStore, database, log, measures, resources },
    mode: messageStoreMode,
  });
  const messages = overrides.messages ?? store.messages;
  const tailMetrics = createTailMetrics(metrics);
  const timeUuids = new TimeUuidGenerator();
  const tailParts = { hub, messages, chatSockets, timeUuids, database, mode, log };
  const tail = new StoreTail({ ...tailParts, metrics: tailMetrics });
  const context: ChatContext = {
    database,
    messages,
    timeUuids,
    hub,
    sockets: new SocketServer({
      log,
      ...{ metrics, mode, revocations, limits: socketLimits },
      ...socketOptions,
    }),
    chatSockets,
    callNotices,
    tail,
    blockedListeners: new BlockedListeners(database),
    findUsersByEmail: config.findUsersByEmail,
    ...overrides,
  };
  await connections.start([
    bus.reconciler,
    videoBus.reconciler,
    authBus.reconciler,
    chatSockets.presenceReconciler(presence),
    revocations.reconciler,
    // After the bus's reconciler: missed events are read once the rooms are subscribed again.
    tail.reconciler(),
  ]);
  tail.start();
  resources.defer(() => tail.stop());
  const callTail = { database, notices: callNotices, log, metrics: tailMetrics };
  resources.defer(startCallTail(callTail));
  resources.defer(startHousekeeping(database, log));
  const erase = (userId: string): Promise<void> => eraseUser(context, userId);
  resources.defer(startErasing({ database, log, part: 'chat', erase }));
  const listsOf = (userId: string) => exportedLists(context, userId);
  resources.defer(startExporting({ database, log, part: 'chat', listsOf }));

  const portDeps = { database, snapshot, hub, bus, presence, messages, messageStoreMode };
  return createService<RouteContext>(
    {
      name,
      log,
      context,
      routes: chatRoutes,
      ports: createChatPorts({ ...portDeps, redis: redis.commands }),
      mode,
      ...connections.drills,
      verifyToken,
      readiness: { database: () => database.ping(), ...store.readiness },
      trustedProxies: config.trustedProxies,
      socketOrigins: config.corsOrigins,
      socketTickets: createSocketTickets({ ...connections.tokenKeys, database }),
      logSecret: config.jwtSecret,
      onStop: () => context.sockets.close(),
    },
    resources.move(),
    metrics,
  );
}

export { type ChatConfig, readChatConfig } from './config.ts';
export { chatRoutes } from './routes/index.ts';
export { socketLimits } from './routes/socket.ts';
