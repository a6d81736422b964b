import type { Database } from '@secureconnect/postgres';
import { postgresSink } from './postgres-sink.ts';
import type { RemediationSink } from './sink.ts';

/** The sinks that there are drivers for. */
export const sinkNames = ['postgres'] as const;
export type SinkName = (typeof sinkNames)[number];

/** Opens the sink that the configuration names. */
export function openSink(name: SinkName, { database }: { database: Database }): RemediationSink {
  switch (name) {
    case 'postgres':
      return postgresSink(database);
  }
}
