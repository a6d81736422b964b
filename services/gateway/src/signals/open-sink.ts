import type { Database } from '@secureconnect/postgres';
import { createBatchMetrics, type Logger, type ServiceMetrics } from '@secureconnect/service';
import { postgresSink } from './postgres/postgres-sink.ts';
import type { RemediationSink } from './sink.ts';
import type { SinkConfig } from './sink-config.ts';

export interface SinkDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  /** Closes what the sink opens. */
  readonly resources: AsyncDisposableStack;
}

/** Opens the configured sink. Throws ConfigError if its configuration is invalid. */
export async function openSink(config: SinkConfig, parts: SinkDeps): Promise<RemediationSink> {
  switch (config.kind) {
    case 'postgres':
      return postgresSink(parts.database, createBatchMetrics(parts.metrics));
    case 'kubernetes': {
      // Loaded only when needed: few gateways have this sink.
      const { openKubernetesSink } = await import('./kubernetes/kubernetes-sink.ts');
      const { sink, close } = await openKubernetesSink(config, parts.log);
      parts.resources.defer(close);
      return sink;
    }
  }
}
