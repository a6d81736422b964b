import { z } from 'zod';
import { type Parsed, readEnvironment, text } from '../config/environment.ts';

const endpoint = text('an http:// or https:// URL')
  .refine((value) => /^https?:\/\/[^/]/.test(value) && URL.canParse(value), {
    error: 'an http:// or https:// URL',
  })
  .optional();

/**
 * The variables of OpenTelemetry that decide whether there are traces. Its library reads the others
 * itself: those of the exporter, the sampler, the batches, and the resource.
 */
const tracingVariables = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'otlp or none' }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  // The exporter that is installed speaks nothing else; every collector understands it.
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/json'], { error: 'http/json' }).optional(),
};

/** Whether traces are exported: if an address for them is set, or the exporter is. */
export function isTracingOn(environment: NodeJS.ProcessEnv): boolean {
  const values: Parsed<typeof tracingVariables> = readEnvironment(tracingVariables, environment);
  if (values.OTEL_SDK_DISABLED === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return false;
  const address = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
  return address !== undefined || values.OTEL_TRACES_EXPORTER === 'otlp';
}
