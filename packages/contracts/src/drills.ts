import { z } from 'zod';
import { portNames } from './port-names.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** The maximum length of a drill. */
export const MAX_DRILL_SECONDS = 3600;

type DrilledService = keyof typeof portNames;
const services = Object.keys(portNames) as [DrilledService, ...DrilledService[]];

/** A service that declares what it does without a dependency. */
const DrilledService = z.enum(services).meta({ examples: ['chat'] });

/** Chosen by each process at its start. */
export const InstanceId = z
  .string()
  .regex(/^[0-9a-f]{8}$/, { error: 'expected an instance of GET /v1/degraded' })
  .meta({ examples: ['5e1f09ab'] });

const PortName = z.string().meta({ examples: ['presence'] });

const target = {
  services: z.array(DrilledService).min(1).max(services.length),
  /** Only these processes; all of the services if it is absent. */
  instance: InstanceId.optional(),
  dependency: z
    .string()
    .default('redis')
    .meta({ examples: ['redis'] }),
  /** Only this port; everything that uses the dependency if it is absent. */
  port: PortName.optional(),
} as const;

/** Body of `POST /v1/admin/drills`. */
export const DrillRequest = z
  .object({
    ...target,
    seconds: z
      .int()
      .min(1)
      .max(MAX_DRILL_SECONDS)
      .meta({ examples: [60] }),
  })
  .superRefine(({ services: named, dependency, port }, context) => {
    if (new Set(named).size < named.length) {
      context.addIssue({ code: 'custom', path: ['services'], message: 'expected each only once' });
    }
    for (const service of named) {
      const ports = portsOf(service, dependency);
      if (ports === undefined) {
        const message = `expected a dependency of ${service}: ${dependenciesOf(service)}`;
        context.addIssue({ code: 'custom', path: ['dependency'], message });
      } else if (port !== undefined && !ports.includes(port)) {
        const message = `expected a port of ${service}: ${ports.join(', ')}`;
        context.addIssue({ code: 'custom', path: ['port'], message });
      }
    }
  });

function portsOf(service: DrilledService, dependency: string): readonly string[] | undefined {
  return new Map<string, readonly string[]>(Object.entries(portNames[service])).get(dependency);
}

function dependenciesOf(service: DrilledService): string {
  return Object.keys(portNames[service]).join(', ');
}
export type DrillRequest = z.infer<typeof DrillRequest>;

/** A drill: services that act for a time as if a dependency had failed. */
export const Drill = z
  .object({
    drill_id: Uuid,
    services: z.array(z.string().meta({ examples: ['chat'] })),
    instance: InstanceId.nullable(),
    dependency: z.string().meta({ examples: ['redis'] }),
    port: PortName.nullable(),
    begun_at: Timestamp,
    /** When it ends by itself. */
    ends_at: Timestamp,
    /** When it was ended before that. */
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'Drill' });
export type Drill = z.infer<typeof Drill>;

/** Reply of `GET /v1/admin/drills`: those under way, the oldest first. */
export const DrillList = z.object({ drills: z.array(Drill) });
export type DrillList = z.infer<typeof DrillList>;
