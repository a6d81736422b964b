import { openDatabase } from '@secureconnect/postgres';
import { Hub, RedisBus, SocketServer } from '@secureconnect/realtime';
import { openRedis, redisMode } from '@secureconnect/redis';
import { createMetrics, createService, type Logger, type Service } from '@secureconnect/service';
import {
  createTokenVerifier,
  RevocationSnapshot,
  revocationReconciler,
} from '@secureconnect/tokens';
import type { VideoConfig } from './config.ts';
import type { VideoContext } from './context.ts';
import { createVideoPorts } from './ports.ts';
import { videoRoutes } from './routes/index.ts';
import { socketLimits } from './routes/signaling.ts';
import { SignalingSockets } from './signaling-sockets.ts';
import { startSweeping } from './sweep.ts';

const name = 'video-service';

/** Builds the video service. `overrides` replace parts of the context; tests use them. */
export async function createVideo(
  config: VideoConfig,
  log: Logger,
  overrides: Partial<VideoContext> = {},
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
  redis.addReconciler(revocationReconciler(redis.commands, snapshot));

  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'video', log });
  const metrics = createMetrics();
  const context: VideoContext = {
    database,
    sockets: new SocketServer({ metrics, mode, limits: socketLimits }),
    signaling: new SignalingSockets(hub, log),
    iceServers: config.iceServers,
    ...overrides,
  };
  await snapshot.start();
  await redis.start();
  resources.defer(startSweeping(context, log));

  return createService(
    {
      name,
      log,
      context,
      routes: videoRoutes,
      ports: createVideoPorts({ redis: redis.commands, database, snapshot, hub, bus }),
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

export { readVideoConfig, type VideoConfig } from './config.ts';
export { videoRoutes } from './routes/index.ts';
