import { type Database, explainServiceFailure, openDatabase } from '@secureconnect/postgres';
import type { CommonConfig } from '../config/common-config.ts';
import { noteRemedy } from '../observability/cause.ts';
import type { Logger } from '../observability/logger.ts';
import { measurePool, type ServiceMetrics } from '../observability/metrics.ts';
import { databaseOutages } from '../observability/outage-log.ts';
import { tracedDatabase } from '../tracing/traced-database.ts';
import { activeTracing } from '../tracing/tracing.ts';

export interface ServiceDatabaseOptions {
  readonly name: string;
  readonly config: Pick<CommonConfig, 'databaseUrl'>;
  readonly log: Logger;
  readonly resources: AsyncDisposableStack;
  readonly metrics: ServiceMetrics;
  readonly maxConnections?: number;
}

/** The pool of a service, closed with its other resources. */
export function openServiceDatabase(options: ServiceDatabaseOptions): Database {
  const { name, config, log, resources, metrics, maxConnections } = options;
  const outages = databaseOutages(log);
  const explain = (error: unknown): void =>
    noteRemedy(error, explainServiceFailure(error, config.databaseUrl));
  const database = openDatabase({
    url: config.databaseUrl,
    applicationName: name,
    onFailure: explain,
    onIdleError: (error) => {
      explain(error);
      outages.failed(error);
    },
    onConnected: () => outages.worked(),
    ...(maxConnections === undefined ? {} : { maxConnections }),
  });
  measurePool(metrics, () => database.poolUse());
  resources.defer(() => database.close());
  return activeTracing() === undefined ? database : tracedDatabase(database);
}
