import { type ServiceName, serviceNames } from '../support/stack.ts';
import type { Targets } from './watching-prometheus.ts';

/** The services of a test under their names in docker-compose.yml. */
export function targetsOf(urls: Readonly<Record<ServiceName, string>>): Targets {
  return Object.fromEntries(
    serviceNames.map((name) => [
      name === 'gateway' ? 'api-gateway' : `${name}-service`,
      new URL(urls[name]).host,
    ]),
  );
}
