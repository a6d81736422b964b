import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { ServiceMetrics } from '@secureconnect/service';
import { type AuthorizeSignals, createAuthorize } from './authorize.ts';
import { IngestWatch } from './ingest-watch.ts';
import { createSignalMetrics } from './metrics.ts';
import { openSink, type SinkDeps } from './open-sink.ts';
import { measureOutages } from './outage-metrics.ts';
import { startRetention } from './retention.ts';
import { signalPaths } from './signal-paths.ts';
import type { SignalsConfig } from './signals-config.ts';
import type { RemediationSink } from './sink.ts';
import type { Taking } from './take-signal.ts';
import { createTriage } from './triage.ts';
import { triageTables } from './triage-tables.ts';

/** The dependencies of the ingest's handlers, in addition to their ports. */
export interface Signals extends Taking {
  readonly authorize: AuthorizeSignals;
  readonly watch: IngestWatch;
}

export interface OpenSignals {
  readonly signals: Signals;
  /** Handlers reach it by their ports alone. */
  readonly sink: RemediationSink;
}

export interface SignalsDeps extends SinkDeps {
  /** Of Redis. */
  readonly mode: DegradedMode;
}

/**
 * Builds the ingest. Throws if the triage tables are invalid, and ConfigError if the sink cannot be
 * opened.
 */
export async function createSignals(
  config: SignalsConfig,
  parts: SignalsDeps,
): Promise<OpenSignals> {
  const metrics = createSignalMetrics(parts.metrics);
  primeLatencies(parts.metrics);
  measureOutages(parts.metrics, parts.mode);
  const sink = await openSink(config.sink, parts);
  parts.resources.defer(startRetention(sink, config.closedRetentionDays, parts.log));
  const signals = {
    judge: createTriage(triageTables(), config.environments),
    metrics,
    authorize: createAuthorize(config.auth),
    watch: new IngestWatch(metrics),
  };
  return { signals, sink };
}

/** Starts the ingest's series of the latency histogram at zero; all routes share the histogram. */
function primeLatencies({ requestSeconds }: ServiceMetrics): void {
  for (const route of signalPaths) {
    for (const status of [201, 202, 503]) requestSeconds.zero({ method: 'POST', route, status });
  }
}
