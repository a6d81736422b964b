import { authRoutes } from '@secureconnect/auth';
import { chatRoutes } from '@secureconnect/chat';
import type { Documented } from '@secureconnect/contracts';
import type { RoutePolicy } from '@secureconnect/degraded-mode';
import { gatewayRoutes } from '@secureconnect/gateway';
import { documentedRoutes, type Route } from '@secureconnect/service';
import { storageRoutes } from '@secureconnect/storage';
import { videoRoutes } from '@secureconnect/video';

export interface ServiceRows {
  readonly service: string;
  readonly rows: readonly RoutePolicy[];
  /** What the documents of the API say of them. */
  readonly documented: readonly Documented[];
}

function rowsOf<C>(service: string, routes: readonly Route<C>[]): ServiceRows {
  return {
    service,
    rows: routes.map(({ policy }) => policy),
    documented: documentedRoutes(routes),
  };
}

/** The rows of every service, read from its route tables without starting anything. */
export const serviceRows: readonly ServiceRows[] = [
  rowsOf('gateway', gatewayRoutes),
  rowsOf('auth', authRoutes),
  rowsOf('chat', chatRoutes),
  rowsOf('video', videoRoutes),
  rowsOf('storage', storageRoutes),
];
