import { createChat, readChatConfig } from '@secureconnect/chat';
import { createLogger } from '@secureconnect/service';
import type { Settings, Subject } from './subject.ts';

/** No person says so much; the few senders of the benchmark do. */
const neverReached = { framesPerMinute: 1_000_000_000 };

/** The chat service with its default settings, except the limits of a user. */
export function secureconnect(settings: Settings): Subject {
  const config = readChatConfig({
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    JWT_SECRET: settings.jwtSecret,
    ...cassandraVariables(settings),
  });
  const log = createLogger({ service: 'chat-service', level: config.logLevel });
  return {
    async listen() {
      const service = await createChat(config, log, { socketOptions: { limits: neverReached } });
      return service.listen(0);
    },
  };
}

function cassandraVariables({ cassandra }: Settings): NodeJS.ProcessEnv {
  if (cassandra === undefined) return {};
  return {
    CASSANDRA_CONTACT_POINTS: cassandra.contactPoint,
    CASSANDRA_LOCAL_DATACENTER: cassandra.localDataCenter,
    CASSANDRA_KEYSPACE: cassandra.keyspace,
    CASSANDRA_REPLICATION_FACTOR: String(cassandra.replicationFactor),
  };
}
