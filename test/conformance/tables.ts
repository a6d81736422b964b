import { authRoutes } from '@secureconnect/auth';
import { chatRoutes } from '@secureconnect/chat';
import type { RoutePolicy } from '@secureconnect/degraded-mode';
import { gatewayRoutes } from '@secureconnect/gateway';
import { storageRoutes } from '@secureconnect/storage';
import { videoRoutes } from '@secureconnect/video';
import type { ServiceName } from '../support/stack.ts';

/** A row of a service's table, as it is declared. */
export interface TableRow {
  readonly service: ServiceName;
  readonly kind: 'http' | 'upgrade' | 'message';
  readonly method: string;
  readonly policy: RoutePolicy;
}

/** A route of any service, whatever its handler is given. */
interface AnyRoute {
  readonly kind: TableRow['kind'];
  readonly policy: RoutePolicy;
  readonly method?: string;
  handle(request: object, ports: object): Promise<unknown>;
}

/** The route tables themselves; tests that alter a row alter it here. */
export const routeTables: Readonly<Record<ServiceName, readonly AnyRoute[]>> = {
  gateway: gatewayRoutes,
  auth: authRoutes,
  chat: chatRoutes,
  video: videoRoutes,
  storage: storageRoutes,
};

const services = Object.keys(routeTables) as ServiceName[];

/** Every row of every service, copied: what is declared now. */
export function tableRows(): TableRow[] {
  return services.flatMap((service) =>
    routeTables[service].map(({ kind, policy, method = '' }) => ({
      service,
      kind,
      method: method.toUpperCase(),
      policy: structuredClone(policy),
    })),
  );
}

/** How a row is called in the matrix: `auth POST /v1/auth/login`. */
export function rowName({ service, policy }: Pick<TableRow, 'service' | 'policy'>): string {
  return `${service} ${policy.route}`;
}
