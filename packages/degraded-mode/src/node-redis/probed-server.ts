import { CallLimit } from '../call-limit.ts';
import { ifAllowed } from '../redis/if-allowed.ts';
import type { ProbedServer } from '../redis/server-probes.ts';
import { commandTimeoutMs } from './client-options.ts';
import { epochKeyOf, type KeyCommands } from './epoch-key.ts';

/** What probes need of a client of node-redis, also of one with sentinels. */
export interface ProbedClient extends KeyCommands {
  ping(): Promise<unknown>;
  role(): Promise<{ readonly role: unknown } | undefined>;
  info(section: string): Promise<string>;
}

/** A server as probes ask it, through a client that has no time limit itself. */
export function probedServer<Client extends ProbedClient>(
  redis: Client,
  epochKey: string,
  alsoProbe: ((redis: Client) => Promise<unknown>) | undefined,
): ProbedServer {
  const limit = new CallLimit(commandTimeoutMs);
  return {
    ping: () => limit.around(redis.ping()),
    role: () => ifAllowed(async () => (await limit.around(redis.role()))?.role),
    info: async () => (await ifAllowed(() => limit.around(redis.info('server')))) ?? '',
    epochKey: epochKeyOf(redis, epochKey, limit),
    ...(alsoProbe === undefined ? {} : { alsoProbe: () => limit.around(alsoProbe(redis)) }),
  };
}
