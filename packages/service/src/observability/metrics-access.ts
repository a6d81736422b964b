import type { IncomingMessage } from 'node:http';
import { ApiError } from '../http/api-error.ts';
import { bearerToken, unauthorized } from '../http/bearer.ts';
import { secretTest } from '../http/same-secret.ts';

/** Called before metrics are served. Throws ApiError if they must not be. */
export type MetricsAccess = (request: IncomingMessage) => void;

/** For a port that only the operator's own network reaches. */
export const openMetrics: MetricsAccess = () => undefined;

/** For clients that know the token. */
export function metricsByToken(token: string): MetricsAccess {
  const isToken = secretTest(token);
  return (request) => {
    const given = bearerToken(request);
    if (given === undefined) throw unauthorized('Send "Authorization: Bearer <METRICS_TOKEN>".');
    if (!isToken(given)) {
      throw unauthorized('This token is not valid.', { event: 'metrics_token_wrong' });
    }
  };
}

/** For a port of clients, if metrics are served elsewhere or not at all. */
export const noMetrics: MetricsAccess = () => {
  throw new ApiError('NOT_FOUND', 'Metrics are not served on this port.');
};
