import { createLogger, type Logger, type Service } from '@secureconnect/service';
import { endWithParent, tellParent } from './child.ts';

interface ServeOptions<Config> {
  readonly name: string;
  readonly readConfig: (environment: NodeJS.ProcessEnv) => Config;
  readonly create: (config: Config, log: Logger) => Promise<Service>;
}

/**
 * Serves, in a child, a service with the variables of the first argument, and tells the parent its
 * port.
 */
export async function serveInChild<Config extends { logLevel: string; port: number }>({
  name,
  readConfig,
  create,
}: ServeOptions<Config>): Promise<void> {
  endWithParent();
  const config = readConfig(JSON.parse(process.argv[2] ?? ''));
  const service = await create(config, createLogger({ service: name, level: config.logLevel }));
  tellParent({ kind: 'listening', port: await service.listen(config.port) });
}
