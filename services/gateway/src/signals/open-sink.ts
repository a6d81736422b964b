import type { Database } from '@secureconnect/postgres';
import type { Logger } from '@secureconnect/service';
import { postgresSink } from './postgres/postgres-sink.ts';
import type { RemediationSink } from './sink.ts';
import type { SinkConfig } from './sink-config.ts';

export interface SinkParts {
  readonly database: Database;
  readonly log: Logger;
  /** What the sink opens is closed with these. */
  readonly resources: AsyncDisposableStack;
}

/** Opens the sink that the configuration names. Throws ConfigError where it cannot be meant so. */
export async function openSink(config: SinkConfig, parts: SinkParts): Promise<RemediationSink> {
  switch (config.kind) {
    case 'postgres':
      return postgresSink(parts.database);
    case 'kubernetes': {
      // Its client is large: nobody else waits for it at boot, or keeps it in memory.
      const { openKubernetesSink } = await import('./kubernetes/kubernetes-sink.ts');
      const { sink, close } = await openKubernetesSink(config, parts.log);
      parts.resources.defer(close);
      return sink;
    }
  }
}
