import {
  type MetricsAccess,
  metricsByToken,
  noMetrics,
  openMetrics,
  secret,
} from '@secureconnect/service';
import { z } from 'zod';

/** Access to the gateway's metrics, whose main port is open to all clients. */
export interface MetricsConfig {
  /** A separate port that clients cannot reach; the main port then has no metrics. */
  readonly port: number | undefined;
  /** The bearer token of readers, on either port. */
  readonly token: string | undefined;
  /** Whether, with neither set, anybody may read them on the main port, as on a laptop. */
  readonly open: boolean;
}

const portExpected = 'a TCP port from 0 to 65535';

/** The types of the variables. */
export const metricsPort = z
  .string()
  .regex(/^\d{1,5}$/, { error: portExpected })
  .transform(Number)
  .refine((value) => value <= 65_535, { error: portExpected })
  .optional();
export const metricsToken = secret(16)
  .refine((value) => /^[\w.~+/=-]+$/.test(value), { error: 'letters, digits and -._~+/=' })
  .optional();

export function metricsConfig(
  values: { readonly METRICS_PORT: number | undefined; readonly METRICS_TOKEN: string | undefined },
  production: boolean,
): MetricsConfig {
  return { port: values.METRICS_PORT, token: values.METRICS_TOKEN, open: !production };
}

/** Who may read the metrics on their own port. */
export function accessOnOwnPort({ token }: MetricsConfig): MetricsAccess {
  return token === undefined ? openMetrics : metricsByToken(token);
}

/** Who may read the metrics on the gateway's port. */
export function accessAmongClients({ port, token, open }: MetricsConfig): MetricsAccess {
  if (port !== undefined) return noMetrics;
  if (token !== undefined) return metricsByToken(token);
  return open ? openMetrics : noMetrics;
}
