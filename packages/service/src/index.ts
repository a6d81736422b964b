export { type BatchMeasures, createBatchMetrics } from './batch-metrics.ts';
export { Batcher, type BatcherOptions, BatchRefusal } from './batcher.ts';
export { batchesOf } from './batches.ts';
export {
  type CommonConfig,
  commonConfig,
  commonVariables,
  proxies,
} from './config/common-config.ts';
export {
  ConfigError,
  flag,
  integer,
  list,
  optionalFlag,
  optionalInteger,
  type Parsed,
  port,
  readEnvironment,
  secret,
  text,
} from './config/environment.ts';
export { ApiError, type ApiErrorOptions } from './http/api-error.ts';
export {
  bearerProtocol,
  bearerToken,
  type Credential,
  TokenExpired,
  tokenRevoked,
  unauthorized,
  upgradeCredential,
} from './http/bearer.ts';
export { bodyTooLarge, refuseAnnounced } from './http/body-limit.ts';
export { clientLeftSignal } from './http/client-left.ts';
export { corsOrigins, corsVariables } from './http/cors-origins.ts';
export { errorForClient } from './http/error-reply.ts';
export type { Identity, RevocationCheck, VerifyToken } from './http/identity.ts';
export { addressSubject } from './http/ip-address.ts';
export { originOf } from './http/origin.ts';
export { refusedDependency } from './http/refused-dependency.ts';
export { type RoleCheck, roleMissing } from './http/require-role.ts';
export { secretTest } from './http/same-secret.ts';
export type { SocketTicket, SocketTickets, VerifyTicket } from './http/socket-tickets.ts';
export { validate } from './http/validate.ts';
export { wholeBody } from './http/whole-body.ts';
export { createService, type Service } from './lifecycle/create-service.ts';
export {
  createDependencyMode,
  type DependencyModeOptions,
  monitorDependency,
  type ProbedDependency,
  probeDependency,
} from './lifecycle/dependency-mode.ts';
export { newInstanceId } from './lifecycle/instance-id.ts';
export {
  openServiceDatabase,
  type ServiceDatabaseOptions,
} from './lifecycle/open-service-database.ts';
export { type Repeated, repeatEvery } from './lifecycle/repeat-every.ts';
export { type RunOptions, runService } from './lifecycle/run-service.ts';
export type { BoundRoute, ReadinessCheck, ServiceDeps } from './lifecycle/service-parts.ts';
export { stoppingHeader } from './lifecycle/stopping.ts';
export { causeOf, errorFields, noteRemedy } from './observability/cause.ts';
export {
  certificateExplanations,
  connectionExplanations,
  type Explanation,
  type Explanations,
  explain,
  hostNameExplanations,
} from './observability/explanation.ts';
export { type HealthReport, redisHealth } from './observability/health.ts';
export { createLogger, type Logger } from './observability/logger.ts';
export {
  counter,
  createMetrics,
  gauge,
  histogram,
  type ServiceMetrics,
} from './observability/metrics.ts';
export {
  type MetricsAccess,
  metricsByToken,
  noMetrics,
  openMetrics,
} from './observability/metrics-access.ts';
export { serveMetrics } from './observability/metrics-server.ts';
export {
  databaseOutages,
  isOwnMistake,
  logDatabaseOutage,
  OutageLog,
} from './observability/outage-log.ts';
export {
  type NoteSecurityEvent,
  type SecurityEvent,
  securityEvents,
} from './observability/security-events.ts';
export { sharedAnswer } from './observability/shared-answer.ts';
export {
  beginning,
  decodePosition,
  encodePosition,
  type Page,
  type Position,
  toPage,
} from './page.ts';
export {
  type Declarers,
  declarersFor,
  type Handled,
  type RequestFor,
} from './routes/declarers.ts';
export { apiVersion, commonRoutes, documentedRoutes, openApiOf } from './routes/openapi.ts';
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
} from './routes/route.ts';
export { type HandlersOf, routesOf } from './routes/routes-of.ts';
export type { UndeclaredReply } from './routes/undeclared-replies.ts';
export { createSealing, type Sealing, SealingError } from './sealing.ts';
export { TaskQueue } from './task-queue.ts';
export { threadShare } from './thread-share.ts';
export { activeTracing, type Tracing, traced } from './tracing/tracing.ts';
export { isLogExportOn, isTracingOn } from './tracing/tracing-config.ts';
