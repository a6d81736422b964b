import type { MetricsAccess, VerifyTicket, VerifyToken } from '@secureconnect/service';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import type { ConsoleFiles } from './console/console-files.ts';
import type { RedisSwitch } from './demo/redis-switch.ts';
import type { SocketPipes } from './proxy/sockets/socket-pipes.ts';
import type { Timeouts } from './proxy/upstreams/timeouts.ts';
import type { Signals } from './signals/signals.ts';

/** The dependencies of the gateway's handlers, in addition to their ports. */
export interface GatewayContext {
  readonly timeouts: Timeouts;
  readonly verifyToken: VerifyToken;
  readonly verifyTicket: VerifyTicket;
  readonly snapshot: RevocationSnapshot;
  readonly pipes: SocketPipes;
  readonly signals: Signals;
  /** Who may read the metrics on the gateway's port. */
  readonly metricsAccess: MetricsAccess;
  /** The Redis that `npm start` runs; undefined elsewhere. */
  readonly demoRedis: RedisSwitch | undefined;
  /** The console in the browser, and the policy of its pages. */
  readonly console: { readonly files: ConsoleFiles; readonly policy: string };
}
