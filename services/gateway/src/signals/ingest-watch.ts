import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { redisName } from '@secureconnect/degraded-mode';
import { isDatabaseUnavailable } from '@secureconnect/postgres';
import { ApiError, refusedDependency } from '@secureconnect/service';
import type { Rejection, SignalMetrics } from './metrics.ts';
import { ReservationHeld } from './reserve.ts';
import { signalsPrefix } from './signal-paths.ts';

const byStatus: Readonly<Record<number, Rejection>> = {
  400: 'malformed',
  401: 'unauthorized',
  413: 'too_large',
  415: 'unsupported_media_type',
  // Only for clients that deliver without the token too often.
  429: 'unauthorized',
};

/**
 * Counts refused deliveries, most of which never reach a handler. A handler reports why it failed
 * if neither the status nor the refusal of its row tells.
 */
export class IngestWatch {
  readonly #metrics: SignalMetrics;
  readonly #reasons = new WeakMap<ServerResponse, Rejection>();

  constructor(metrics: SignalMetrics) {
    this.#metrics = metrics;
  }

  /** Watches every reply of a server. */
  follow(server: Server): void {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.url?.startsWith(signalsPrefix) !== true) return;
      response.once('finish', () => this.#answered(request, response));
    });
  }

  /** A handler failed. */
  failed(response: ServerResponse, error: unknown): void {
    const reason = reasonOf(error);
    if (reason !== undefined) this.#reasons.set(response, reason);
  }

  #answered(request: IncomingMessage, response: ServerResponse): void {
    const { statusCode } = response;
    // Attempts without the token do not count as deliveries.
    if (statusCode === 503) this.#metrics.consecutive503.inc();
    else if (statusCode !== 401 && statusCode !== 429) this.#metrics.consecutive503.set(0);
    if (statusCode < 400) return;
    const reason =
      reasonOfOutage(refusedDependency(request)) ??
      this.#reasons.get(response) ??
      byStatus[statusCode] ??
      'other';
    this.#metrics.rejected.inc({ reason });
  }
}

/** A row names ports of Redis and of the store. */
function reasonOfOutage(dependency: string | undefined): Rejection | undefined {
  if (dependency === undefined) return undefined;
  return dependency === redisName ? 'redis_unavailable' : 'store_unavailable';
}

function reasonOf(error: unknown): Rejection | undefined {
  if (error instanceof ReservationHeld) return 'reservation_held';
  if (isDatabaseUnavailable(error)) return 'store_unavailable';
  const isUnavailable = error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE';
  return isUnavailable ? 'store_unavailable' : undefined;
}
