import type { Database } from '@secureconnect/postgres';
import {
  createBatchMetrics,
  type Logger,
  probeDependency,
  type ServiceMetrics,
} from '@secureconnect/service';
import { postgresSink } from './postgres/postgres-sink.ts';
import type { RemediationStoreMode } from './remediation-store-mode.ts';
import type { RemediationSink } from './sink.ts';
import type { SinkConfig } from './sink-config.ts';

export interface SinkDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  /** Follows the store from the start. */
  readonly storeMode: RemediationStoreMode;
  /** Closes what the sink opens. */
  readonly resources: AsyncDisposableStack;
}

/** Opens the configured sink. Throws ConfigError if its configuration is invalid. */
export async function openSink(config: SinkConfig, parts: SinkDeps): Promise<RemediationSink> {
  const { storeMode: mode, resources } = parts;
  switch (config.kind) {
    case 'postgres':
      // An outage of the database has its own replies, so only a drill takes this store away.
      await probeDependency({ mode, resources, check: async () => undefined });
      return postgresSink(parts.database, createBatchMetrics(parts.metrics));
    case 'kubernetes': {
      // Loaded only when needed: few gateways have this sink.
      const { openKubernetesSink } = await import('./kubernetes/kubernetes-sink.ts');
      const { sink, close } = await openKubernetesSink(config, parts.log);
      resources.defer(close);
      await probeDependency({ mode, resources, check: () => sink.check() });
      return sink;
    }
  }
}
