import { z } from 'zod';
import { defaultLimit, endpoint } from '../endpoint.ts';
import { DegradedQuery } from '../fleet.ts';
import { HealthReport, LiveTable } from '../health.ts';

const MetricsText = z
  .string()
  .meta({ examples: ['redis_degraded_mode{service="auth-service"} 0\n'] });

const AnyDocument = z
  .record(z.string(), z.unknown())
  .meta({ examples: [{ openapi: '3.1.0', paths: {} }] });

/** Anybody may read these: no token is asked for. */
const open = {
  tag: 'Operation',
  auth: 'none',
  errors: [],
  limit: { ...defaultLimit, countedBy: 'address' },
} as const;
const healthReplies = {
  200: { description: 'Ready.', schema: HealthReport },
  503: { description: 'Not ready: a dependency is down.', schema: HealthReport },
} as const;

export const getLive = endpoint({
  ...open,
  route: 'GET /live',
  id: 'getLive',
  action: 'live',
  summary: 'Check that the process runs',
  description:
    'Checks no dependency, so it succeeds while Redis or the database is down. For probes that restart a process.',
  otherReplies: {
    200: { description: 'It runs.', schema: z.object({ status: z.literal('live') }) },
  },
});

export const getReady = endpoint({
  ...open,
  route: 'GET /ready',
  id: 'getReady',
  action: 'ready',
  summary: 'Check that the service can serve; Redis is reported and never decides',
  description:
    'For load balancers: 503 while a dependency is down without which the service cannot serve.',
  otherReplies: healthReplies,
});

export const getHealth = endpoint({
  ...open,
  route: 'GET /health',
  id: 'getHealth',
  action: 'health',
  summary: 'Check the service and what it depends on; on the gateway, every service',
  description:
    'The gateway asks the services at most once a second, and is ready itself while one of them is down.',
  otherReplies: healthReplies,
});

export const getMetrics = endpoint({
  ...open,
  route: 'GET /metrics',
  id: 'getMetrics',
  action: 'metrics',
  summary: 'Get the metrics in the Prometheus text format',
  description:
    'Requires a token if the operator has set one. NOT_FOUND if the metrics have a port of their own.',
  otherReplies: {
    200: { description: 'The metrics.', mediaType: 'text/plain', schema: MetricsText },
  },
  // With METRICS_TOKEN, or if the metrics are on their own port.
  errors: ['UNAUTHORIZED', 'NOT_FOUND'],
});

export const getDegraded = endpoint({
  ...open,
  route: 'GET /v1/degraded',
  id: 'getDegraded',
  action: 'degraded',
  summary: 'List every route with what it declares for a Redis outage, and its mode now',
  description:
    'Works while Redis is down. On the gateway, `fleet=true` adds all instances of all services.',
  query: DegradedQuery,
  reply: LiveTable,
});

export const getOpenApi = endpoint({
  ...open,
  route: 'GET /openapi.json',
  id: 'getOpenApi',
  action: 'openapi.json',
  summary: 'Get the OpenAPI document',
  description:
    'The document of the gateway has the routes of every service; the document of a service has its own.',
  otherReplies: {
    200: { description: 'The document.', schema: AnyDocument },
  },
});
