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
const commonVariables = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
  // The exporters that are installed speak nothing else; every collector understands it.
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/json'], { error: 'http/json' }).optional(),
};

const tracingVariables = {
  ...commonVariables,
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'otlp or none' }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
};

const logVariables = {
  ...commonVariables,
  OTEL_LOGS_EXPORTER: z.enum(['otlp', 'none'], { error: 'otlp or none' }).optional(),
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint,
};

/** Whether traces are exported: if an address for them is set, or the exporter is. */
export function isTracingOn(environment: NodeJS.ProcessEnv): boolean {
  const values: Parsed<typeof tracingVariables> = readEnvironment(tracingVariables, environment);
  if (values.OTEL_SDK_DISABLED === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return false;
  const address = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
  return address !== undefined || values.OTEL_TRACES_EXPORTER === 'otlp';
}

/**
 * Whether the lines of the log are exported: if an address for them is set, or the exporter is. The
 * address for everything is not enough: a collector of traces may take no lines.
 */
export function isLogExportOn(environment: NodeJS.ProcessEnv): boolean {
  const values: Parsed<typeof logVariables> = readEnvironment(logVariables, environment);
  if (values.OTEL_SDK_DISABLED === 'true' || values.OTEL_LOGS_EXPORTER === 'none') return false;
  return (
    values.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT !== undefined || values.OTEL_LOGS_EXPORTER === 'otlp'
  );
}
