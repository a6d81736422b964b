export { ApiError, type ApiErrorOptions } from './api-error.ts';
export { batchesOf } from './batches.ts';
export {
  bearerProtocol,
  bearerToken,
  type Credential,
  TokenExpired,
  tokenRevoked,
  unauthorized,
  upgradeCredential,
} from './bearer.ts';
export { clientLeftSignal } from './client-left.ts';
export { type CommonConfig, commonConfig, commonVariables, proxies } from './common-config.ts';
export { corsOrigins, corsVariables } from './cors-origins.ts';
export { createService, type Service } from './create-service.ts';
export {
  type Declarers,
  declarersFor,
  type Handled,
  type RequestFor,
} from './declarers.ts';
export {
  ConfigError,
  flag,
  integer,
  list,
  optionalFlag,
  type Parsed,
  port,
  readEnvironment,
  secret,
  text,
} from './environment.ts';
export { errorForClient } from './error-reply.ts';
export { type HealthReport, redisHealth } from './health.ts';
export type { Identity, RevocationCheck, VerifyToken } from './identity.ts';
export { addressSubject } from './ip-address.ts';
export { createLogger, type Logger } from './logger.ts';
export { counter, createMetrics, gauge, histogram, type ServiceMetrics } from './metrics.ts';
export { type MetricsAccess, metricsByToken, noMetrics, openMetrics } from './metrics-access.ts';
export { serveMetrics } from './metrics-server.ts';
export { openServiceDatabase, type ServiceDatabaseOptions } from './open-service-database.ts';
export { apiVersion, commonRoutes, documentedRoutes, openApiOf } from './openapi.ts';
export { originOf } from './origin.ts';
export { causeOf, OutageLog } from './outage-log.ts';
export {
  beginning,
  decodePosition,
  encodePosition,
  type Page,
  type Position,
  toPage,
} from './page.ts';
export { type Repeated, repeatEvery } from './repeat-every.ts';
export {
  type Auth,
  type Authorize,
  type BoundMessages,
  type HttpRoute,
  type MessageOf,
  type MessageRoute,
  type Method,
  passed,
  type RequestOf,
  type Route,
  replied,
  type UpgradeOf,
  type UpgradeRoute,
} from './route.ts';
export { type HandlersOf, routesOf } from './routes-of.ts';
export { type RunOptions, runService } from './run-service.ts';
export { secretTest } from './same-secret.ts';
export { type SecurityEvent, securityEvents } from './security-events.ts';
export type { BoundRoute, ReadinessCheck, ServiceDeps } from './service-parts.ts';
export { sharedAnswer } from './shared-answer.ts';
export type { SocketTicket, SocketTickets, VerifyTicket } from './socket-tickets.ts';
export { stoppingHeader } from './stopping.ts';
export { threadShare } from './thread-share.ts';
export type { UndeclaredReply } from './undeclared-replies.ts';
export { validate } from './validate.ts';
