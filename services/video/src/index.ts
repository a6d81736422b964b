import { Hub, RedisBus, SocketServer } from '@secureconnect/realtime';
import { createMetrics, createService, type Logger, type Service } from '@secureconnect/service';
import {
  createSocketTickets,
  revocationsBound,
  startErasing,
  startExporting,
} from '@secureconnect/tokens';
import { openServiceConnections } from '@secureconnect/tokens/service-connections';
import type { VideoConfig } from './config.ts';
import type { VideoContext } from './context.ts';
import { eraseUser } from './erase-user.ts';
import { startVideoOutbox } from './outbox.ts';
import { createVideoPorts } from './ports.ts';
import { sealedAddresses } from './push/addresses.ts';
import { listeningSessions } from './push/listening-sessions.ts';
import { startMessageTail } from './push/message-tail.ts';
import { createPushMetrics } from './push/push-metrics.ts';
import { createPushPort } from './push/push-port.ts';
import { createPushSenders } from './push/send-push.ts';
import { pushHandlers, startSweepingPushes } from './push/start-push.ts';
import { createCallMetrics } from './quality/call-metrics.ts';
import { startMeasuring } from './quality/start-measuring.ts';
import { videoRoutes } from './routes/index.ts';
import { socketLimits } from './routes/signaling.ts';
import { createSfu } from './sfu/sfu.ts';
import { roomHandler, startAligningRooms } from './sfu/start-aligning.ts';
import { CallWatch } from './signaling/call-watch.ts';
import { SignalingSockets } from './signaling/signaling-sockets.ts';
import { callLists } from './stores/exported-data.ts';
import { startEndingRinging, startSweeping } from './sweep.ts';

const name = 'video-service';

/** Builds the video service. `overrides` replace parts of the context; tests use them. */
export async function createVideo(
  config: VideoConfig,
  log: Logger,
  overrides: Partial<VideoContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const connections = openServiceConnections({ name, config, log, resources, metrics });
  const { database, mode, redis, snapshot, verifyToken } = connections;

  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'video', log });
  const revocations = connections.feedRevocations(revocationsBound);
  const callMetrics = createCallMetrics(metrics);
  const signaling = new SignalingSockets();
  const context: VideoContext = {
    database,
    callMetrics,
    sockets: new SocketServer({ log, metrics, mode, revocations, limits: socketLimits }),
    signaling,
    watch: new CallWatch({ database, hub, signaling, log }),
    turn: config.turn,
    push: config.push,
    pushAddresses: sealedAddresses(config.push.secrets),
    sfu: config.sfu && createSfu(config.sfu, metrics, log),
    ...overrides,
  };
  const listening = listeningSessions(redis.commands);
  const push = createPushPort({ database, listening, log });
  const senders = createPushSenders(config.push);
  resources.defer(() => senders.close());
  await connections.start([bus.reconciler, revocations.reconciler]);
  resources.defer(startEndingRinging(context, log));
  resources.defer(startSweeping(context, log));
  resources.defer(startMeasuring({ database, metrics: callMetrics, log }));
  resources.defer(context.watch.start());
  const { sfu, pushAddresses: addresses } = context;
  const pushing = { database, mode, listening, addresses, send: senders.send };
  const handlers = [
    ...pushHandlers({ ...pushing, count: createPushMetrics(metrics), log }),
    ...(sfu === undefined ? [] : [roomHandler({ database, sfu })]),
  ];
  resources.defer(startVideoOutbox({ database, handlers, log, metrics }));
  resources.defer(startMessageTail(database, log));
  resources.defer(startSweepingPushes(database, log));
  if (sfu !== undefined) resources.defer(startAligningRooms({ database, sfu }, log));
  const erase = (userId: string): Promise<void> => eraseUser(database, userId);
  resources.defer(startErasing({ database, log, part: 'video', erase }));
  const listsOf = (userId: string) => callLists(database, userId);
  resources.defer(startExporting({ database, log, part: 'video', listsOf }));

  return createService(
    {
      name,
      log,
      context,
      routes: videoRoutes,
      ports: createVideoPorts({ redis: redis.commands, database, snapshot, hub, bus, push }),
      mode,
      ...connections.drills,
      verifyToken,
      readiness: { database: () => database.ping() },
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

export { readVideoConfig, type VideoConfig } from './config.ts';
export { videoRoutes } from './routes/index.ts';
