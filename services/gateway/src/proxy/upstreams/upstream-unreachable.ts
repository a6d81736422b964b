import { ApiError } from '@secureconnect/service';
import type { UpstreamName } from './names.ts';

/** When to retry: a service that cannot be reached is probed several times a second. */
export const upstreamRetryAfterSeconds = 2;

/** What clients are told while no instance of a service can be reached. */
export function upstreamUnreachable(service: string): string {
  return `The ${service} service cannot be reached; try again.`;
}

/** There was no connection to any instance that was asked, so the request had no effect. */
export class UpstreamUnreachable extends ApiError {
  constructor(service: UpstreamName | 'gateway') {
    super('SERVICE_UNAVAILABLE', upstreamUnreachable(service), {
      retryAfterSeconds: upstreamRetryAfterSeconds,
    });
  }
}
