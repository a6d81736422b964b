import { z } from 'zod';
import { InstanceId } from './drills.ts';
import { Timestamp } from './primitives.ts';

/** A process as the fleet shows it. */
const FleetInstance = z.object({
  service: z.string().meta({ examples: ['chat'] }),
  /** Null if it does not answer; the gateway's log has its address. */
  instance: InstanceId.nullable(),
  state: z.enum(['normal', 'degraded', 'unreachable']),
  /** Why it is degraded. */
  reason: z
    .string()
    .exactOptional()
    .meta({ examples: ['ECONNREFUSED'] }),
  /** When the outage began. */
  since: Timestamp.exactOptional(),
  drill_ends_at: Timestamp.exactOptional(),
  port_drills: z
    .record(z.string(), Timestamp)
    .exactOptional()
    .meta({ examples: [{ presence: '2026-01-31T12:00:00.000Z' }] }),
});
export type FleetInstance = z.infer<typeof FleetInstance>;

const count = z.int().min(0);

/** How often the fallback of each port answered or refused since its process began; absent if never. */
export const FallbackCounts = z.record(z.string(), count).meta({ examples: [{ presence: 12 }] });

/** All processes of all services, merged. */
export const FleetTable = z
  .object({
    /** Whether any of them is degraded. */
    degraded: z.boolean(),
    instances: z.array(FleetInstance),
    /** The rows that are not normal somewhere, or all of them, and on how many instances. */
    rows: z.array(
      z.object({
        service: z.string().meta({ examples: ['chat'] }),
        route: z.string().meta({ examples: ['POST /v1/messages'] }),
        operation: z.string().meta({ examples: ['sending messages'] }),
        instances: z
          .object({ normal: count, fail_closed: count, fail_open: count })
          .meta({ examples: [{ normal: 1, fail_closed: 0, fail_open: 1 }] }),
        /** What each port of the route does while the dependency that backs it is down. */
        ports: z
          .record(z.string(), z.string())
          .meta({ examples: [{ presence: 'fail open: skip' }] }),
        used: FallbackCounts.exactOptional(),
      }),
    ),
  })
  .meta({ id: 'FleetTable' });
export type FleetTable = z.infer<typeof FleetTable>;

/** Query of `GET /v1/degraded`. */
export const DegradedQuery = z.object({
  fleet: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'On the gateway: with all instances of all services.' }),
  rows: z
    .enum(['unusual', 'all'])
    .default('unusual')
    .meta({ description: 'Of the fleet: the rows that are not normal somewhere, or all.' }),
});
export type DegradedQuery = z.infer<typeof DegradedQuery>;

/** The rows that a reader of the fleet asks for. */
export type FleetRows = DegradedQuery['rows'];
