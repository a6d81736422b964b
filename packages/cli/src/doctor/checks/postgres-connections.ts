import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { ok, skipped, warn } from '../outcome.ts';
import { answeringDatabase } from '../postgres/of-postgres.ts';

/** The pool of an instance, and of a gateway (docs/operations.md, Sizing). */
const poolSize = 10;
const gatewayPoolSize = 8;
const upstreams = ['AUTH', 'CHAT', 'VIDEO', 'STORAGE'] as const;

/** PostgreSQL has a connection for every one that the pools of all instances may open. */
export const postgresConnectionsCheck: Check = {
  name: 'postgres-connections',
  finds: 'fewer connections than the pools of the running instances may open',
  source: 'operations.md#sizing',
  async run(deployment) {
    const { isCockroach, settings } = await answeringDatabase(deployment);
    if (isCockroach) return skipped('CockroachDB has no max_connections');
    const setting = (name: string): number => Number(settings.get(name) ?? 0);
    const usable =
      setting('max_connections') -
      setting('superuser_reserved_connections') -
      setting('reserved_connections');
    const { services, gateways } = await instancesOf(deployment);
    const needed = services * poolSize + gateways * gatewayPoolSize;
    const who = `${services} instances and ${gateways} gateways may open ${needed}`;
    if (needed <= usable) return ok(`${who} of ${usable} connections`);
    return warn(
      `${who} connections, and the server has ${usable} for them`,
      `at least ${needed}`,
      'Raise max_connections, or put PgBouncer in front; with it, this warning may be ignored.',
    );
  },
};

/** As many as the gateway sees; if it does not answer, as many as the variables list. */
async function instancesOf(deployment: Deployment): Promise<{
  readonly services: number;
  readonly gateways: number;
}> {
  const { fleet } = await deployment.gateway().catch(() => ({ fleet: undefined }));
  if (fleet !== undefined) {
    const gateways = fleet.instances.filter(({ service }) => service === 'gateway').length;
    return { services: fleet.instances.length - gateways, gateways };
  }
  const { settings } = deployment;
  const counts = upstreams.map((name) => Math.max(1, settings.list(`${name}_URL`).length));
  return {
    services: counts.reduce((sum, count) => sum + count, 0),
    gateways: Math.max(1, settings.list('FLEET').length),
  };
}
