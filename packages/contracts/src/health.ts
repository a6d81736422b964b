import { z } from 'zod';
import { InstanceId } from './drills.ts';
import { FallbackCounts, FleetTable } from './fleet.ts';
import { Timestamp } from './primitives.ts';

/** Body of `/ready` and `/health`, with a further field per dependency: `database: "ok"`. */
export const HealthReport = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    service: z.string().meta({ examples: ['chat-service'] }),
    redis: z.enum(['ok', 'degraded']).exactOptional(),
    /** Why Redis is unavailable. */
    redis_reason: z.string().exactOptional(),
  })
  .catchall(z.unknown())
  .meta({ id: 'HealthReport' });

/** `data` of `GET /v1/degraded`. */
export const LiveTable = z
  .object({
    service: z.string().meta({ examples: ['auth-service'] }),
    redis: z
      .enum(['unknown', 'available', 'unavailable', 'recovering', 'not_used'])
      .meta({ examples: ['available'] }),
    degraded: z.boolean(),
    /** With `fleet=true`. */
    fleet: FleetTable.exactOptional(),
    reason: z.string().exactOptional(),
    /** When the outage of Redis began. */
    since: Timestamp.exactOptional(),
    /** The process that answers; chosen at its start. */
    instance: InstanceId,
    /** When the drill under way ends by itself. */
    drill_ends_at: Timestamp.exactOptional(),
    /** The ports in a drill of their own, and when that ends by itself. */
    port_drills: z
      .record(z.string(), Timestamp)
      .exactOptional()
      .meta({ examples: [{ presence: '2026-01-31T12:00:00.000Z' }] }),
    /** Dependencies other than Redis, by name. */
    dependencies: z
      .record(
        z.string(),
        z.object({
          state: z.enum(['unknown', 'available', 'unavailable', 'recovering']),
          breaker: z.enum(['closed', 'open', 'half_open']),
          degraded: z.boolean(),
          reason: z.string().exactOptional(),
          since: Timestamp.exactOptional(),
        }),
      )
      .exactOptional()
      .meta({
        examples: [{ object_store: { state: 'available', breaker: 'closed', degraded: false } }],
      }),
    rows: z.array(
      z.object({
        route: z.string().meta({ examples: ['POST /v1/auth/login'] }),
        operation: z.string().meta({ examples: ['login'] }),
        /** What a request meets now. */
        mode: z.enum(['normal', 'fail_closed', 'fail_open']),
        /** What each port of the route does while the dependency that backs it is down. */
        ports: z
          .record(z.string(), z.string())
          .meta({ examples: [{ 'new-sessions': 'fail closed (503, Retry-After 30)' }] }),
        /** The dependencies of the ports that Redis does not back. */
        backed_by: z.record(z.string(), z.string()).exactOptional(),
        used: FallbackCounts.exactOptional(),
      }),
    ),
  })
  .meta({ id: 'LiveTable' });
export type LiveTable = z.infer<typeof LiveTable>;
