import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { createLogger } from '@secureconnect/service';
import type { SubjectSettings } from '../names.ts';

/** The gateway with everything on, as in production; it logs every request. */
export async function secureconnect(settings: SubjectSettings): Promise<number> {
  const { upstreamUrl } = settings;
  const config = readGatewayConfig({
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    JWT_SECRET: settings.secret,
    AUTH_URL: upstreamUrl,
    CHAT_URL: upstreamUrl,
    VIDEO_URL: upstreamUrl,
    STORAGE_URL: upstreamUrl,
    LOG_LEVEL: 'info',
  });
  const service = await createGateway(
    config,
    createLogger({ service: 'api-gateway', level: 'info' }),
  );
  return service.listen(0);
}
