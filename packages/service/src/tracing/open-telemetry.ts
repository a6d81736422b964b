import { hostname } from 'node:os';
import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { type DegradedMode, within } from '@secureconnect/degraded-mode';
import { traceFallbacks } from '@secureconnect/degraded-mode/opentelemetry';
import type { Logger } from '../observability/logger.ts';
import { OutageLog } from '../observability/outage-log.ts';
import type {
  ArrivedRequest,
  OpenSpan,
  ServedSpan,
  SpanOptions,
  TraceIds,
  Tracing,
} from './tracing.ts';

/** How long a stop waits for the collector. */
const maxStopMs = 2000;

const kinds = {
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
} as const;

/**
 * Traces by OpenTelemetry, exported by OTLP over HTTP in the background: what is not taken is
 * dropped, and no request waits for it. Its settings are those of OpenTelemetry's environment.
 */
export function openTelemetry(service: string, log: Logger): Tracing {
  logFaults(log);
  const provider = new NodeTracerProvider({
    resource: resourceOf(service),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return new OpenTelemetryTracing(provider, log);
}

/**
 * What says of a span or a line where it is from: the service, and the container or Pod of the
 * instance by its host name. The environment has the last word.
 */
export function resourceOf(service: string): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service, 'host.name': hostname() }))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** One line when traces cannot be exported, not one for each batch. */
function logFaults(log: Logger): void {
  const outages = new OutageLog({ log, fields: {}, failedMessage: 'traces are not exported' });
  const failed = (message: string, ...more: unknown[]): void =>
    outages.failed(new Error([message, ...more].map(String).join(' ').slice(0, 300)));
  const ignored = (): void => undefined;
  const logger = { error: failed, warn: failed, info: ignored, debug: ignored, verbose: ignored };
  diag.setLogger(logger, DiagLogLevel.WARN);
}

class OpenTelemetryTracing implements Tracing {
  readonly #provider: NodeTracerProvider;
  readonly #log: Logger;
  readonly #tracer = trace.getTracer('secureconnect');
  readonly #watched = new WeakSet<object>();

  constructor(provider: NodeTracerProvider, log: Logger) {
    this.#provider = provider;
    this.#log = log;
  }

  isActive(): boolean {
    return trace.getActiveSpan() !== undefined;
  }

  begin(name: string, { kind, attributes }: SpanOptions): OpenSpan {
    const span = this.#tracer.startSpan(name, { kind: kinds[kind], attributes });
    return { end: (error) => end(span, error) };
  }

  async within<Result>(
    name: string,
    { kind, attributes, isRoot = false }: SpanOptions & { readonly isRoot?: boolean },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const options = { kind: kinds[kind], attributes, root: isRoot };
    const span = this.#tracer.startSpan(name, options);
    try {
      const result = await context.with(trace.setSpan(context.active(), span), work);
      end(span);
      return result;
    } catch (error) {
      end(span, error);
      throw error;
    }
  }

  serve({ method, headers }: ArrivedRequest, serve: () => void): ServedSpan {
    const parent: Context =
      headers === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
    const attributes = { 'http.request.method': method };
    const span = this.#tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    context.with(trace.setSpan(parent, span), serve);
    return {
      ids: idsOf(span),
      end({ route, status }) {
        if (route !== undefined) {
          span.updateName(`${method} ${route}`);
          span.setAttribute('http.route', route);
        }
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  ids(): TraceIds | undefined {
    const span = trace.getActiveSpan();
    return span === undefined ? undefined : idsOf(span);
  }

  headers(): readonly (readonly [string, string])[] {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    return Object.entries(carrier);
  }

  watch(mode: DegradedMode): void {
    if (this.#watched.has(mode)) return;
    this.#watched.add(mode);
    traceFallbacks(mode);
  }

  async stop(): Promise<void> {
    try {
      await within(this.#provider.shutdown(), maxStopMs, 'the export of the last traces');
    } catch (error) {
      // A collector that is down is no fault of the stop.
      this.#log.warn({ err: error }, 'the last traces were not exported');
    } finally {
      for (const api of [trace, context, propagation, diag]) api.disable();
    }
  }
}

function idsOf(span: Span): TraceIds {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}

/** Only the class of an error: its message may quote what a user sent. */
function end(span: Span, error?: unknown): void {
  if (error !== undefined) {
    const type = error instanceof Error ? error.name : typeof error;
    span.setAttribute('error.type', type);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
