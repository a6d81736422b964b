import { type Logger, type ServiceMetrics, serveMetrics } from '@secureconnect/service';
import { accessOnOwnPort, type MetricsConfig } from './metrics-config.ts';

interface MetricsDeps {
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
  readonly resources: AsyncDisposableStack;
}

/**
 * Serves metrics on a separate port if one is configured. Throws ConfigError if the port cannot be opened.
 */
export async function openMetricsPort(config: MetricsConfig, parts: MetricsDeps): Promise<void> {
  const { port, token, open } = config;
  const { resources, ...rest } = parts;
  if (port !== undefined) {
    const access = accessOnOwnPort(config);
    resources.defer(await serveMetrics({ ...rest, port, variable: 'METRICS_PORT', access }));
  } else if (token === undefined && !open) {
    parts.log.warn('metrics are not served; set METRICS_PORT or METRICS_TOKEN');
  }
}
