import { authRoutes } from '@secureconnect/auth';
import { chatRoutes } from '@secureconnect/chat';
import { limitOf } from '@secureconnect/contracts';
import { kebabCase, type RoutePolicy, resolveFallback } from '@secureconnect/degraded-mode';
import { gatewayRoutes } from '@secureconnect/gateway';
import { storageRoutes } from '@secureconnect/storage';
import { videoRoutes } from '@secureconnect/video';
import { defaultSettings } from '../support/default-settings.ts';
import type { ServiceName } from '../support/stack.ts';

/** What simulated users do, and the row that answers. */
const routes = {
  register: 'POST /v1/auth/register',
  login: 'POST /v1/auth/login',
  refresh: 'POST /v1/auth/refresh',
  logout: 'POST /v1/auth/logout',
  'enrol factor': 'POST /v1/users/me/second-factor/totp',
  'confirm factor': 'POST /v1/users/me/second-factor/totp/confirm',
  'replace recovery codes': 'POST /v1/users/me/second-factor/recovery-codes',
  'finish login': 'POST /v1/auth/login/second-factor',
  'end device': 'DELETE /v1/users/me/sessions/:session_id',
  profile: 'GET /v1/users/me',
  'ask friend': 'POST /v1/friends/requests',
  'accept friend': 'POST /v1/friends/requests/:user_id/accept',
  'list friends': 'GET /v1/friends',
  'end friendship': 'DELETE /v1/friends/:user_id',
  'set keys': 'PUT /v1/keys/device',
  'add one-time keys': 'POST /v1/keys/one-time',
  'take keys': 'POST /v1/keys/users/:user_id/bundles',
  'create conversation': 'POST /v1/conversations',
  'send message': 'POST /v1/messages',
  'send over socket': 'WS /v1/ws/chat chat',
  'open socket': 'WS /v1/ws/chat',
  'read messages': 'GET /v1/messages',
  'declare presence': 'POST /v1/presence',
  'read presence': 'GET /v1/presence',
  'initiate call': 'POST /v1/calls/initiate',
  'accept call': 'POST /v1/calls/:call_id/accept',
  'decline call': 'POST /v1/calls/:call_id/decline',
  'cancel call': 'POST /v1/calls/:call_id/cancel',
  'join call': 'POST /v1/calls/:call_id/join',
  'end call': 'POST /v1/calls/:call_id/end',
  'open signaling': 'WS /v1/ws/signaling',
  'list calls': 'GET /v1/calls',
  'upload url': 'POST /v1/storage/upload-url',
  'upload bytes': 'PUT /v1/storage/objects/:file_id',
  'upload complete': 'POST /v1/storage/upload-complete',
  quota: 'GET /v1/storage/quota',
  'delete file': 'DELETE /v1/storage/files/:file_id',
  'deliver alerts': 'POST /api/v1/signals/prometheus',
} as const;
export type OperationName = keyof typeof routes;
export const operationNames = Object.keys(routes) as OperationName[];

/** What a row promises while Redis is away. */
export interface Declared {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  /** The one reply that it may refuse with; undefined for a row that never does. */
  readonly refusal: { readonly body: string; readonly retryAfter: string } | undefined;
  /** What may stand in `X-Degraded`. */
  readonly degraded: ReadonlySet<string>;
}

const services = {
  ...{ auth: authRoutes, chat: chatRoutes, video: videoRoutes, storage: storageRoutes },
  gateway: gatewayRoutes,
};
const gatewayRows = gatewayRoutes.map(({ policy }) => policy);

/** The declaration of every operation, read from the product's own tables. */
export const declared: Readonly<Record<OperationName, Declared>> = Object.fromEntries(
  operationNames.map((name) => [name, declaredOf(routes[name])]),
) as Record<OperationName, Declared>;

function declaredOf(route: string): Declared {
  for (const [service, rows] of Object.entries(services)) {
    const row = rows.map((one) => one.policy as RoutePolicy).find((one) => one.route === route);
    if (row === undefined) continue;
    const [method = '', path = ''] = route.split(' ');
    const fallbacks = [row, ...gatewayRows].flatMap(fallbacksOf);
    return {
      service: service as Declared['service'],
      method,
      path,
      refusal: refusalOf(row),
      degraded: new Set(fallbacks.map(([port, { kind }]) => `${kebabCase(port)}=${kind}`)),
    };
  }
  throw new Error(`no service has the route ${route}`);
}

function fallbacksOf(row: RoutePolicy) {
  return Object.entries(row.whenRedisDown).map(
    ([port, chosen]) => [port, resolveFallback(chosen, defaultSettings)] as const,
  );
}

function refusalOf(row: RoutePolicy): Declared['refusal'] {
  const closed = fallbacksOf(row).find(([, { kind }]) => kind === 'failClosed')?.[1];
  if (closed?.kind !== 'failClosed') return undefined;
  const message = `${row.operation} is operating in degraded mode due to Redis unavailability`;
  return {
    body: `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${message}"}`,
    retryAfter: String(closed.retryAfterSeconds),
  };
}

/** Whom the gateway may count a request under. */
export interface Subjects {
  /** Undefined where the token is no longer good: its holder has a limit apart. */
  readonly user: string | undefined;
  /** The session that a refresh names. */
  readonly session: string | undefined;
}

/** A limit of the gateway, and the user or session whose requests it counts. */
export interface CountedLimit {
  readonly name: string;
  readonly perMinute: number;
  readonly subject: string;
}

/** The limit that the gateway counts an operation of a known user or session against. */
export function countedLimitOf(name: OperationName, subjects: Subjects): CountedLimit | undefined {
  const { method, path } = declared[name];
  if (method === 'WS') return undefined;
  const { countedBy, bucket, perMinute } = limitOf(method, path);
  // Every request of these users has an address of its own.
  const subject = countedBy === 'address' ? undefined : subjects[countedBy];
  return subject === undefined ? undefined : { name: bucket, perMinute, subject };
}
