import type { IncomingMessage } from 'node:http';
import { contextOf } from './request-context.ts';

/**
 * The dependency whose outage a request was refused for, by its row or in its handler; undefined for
 * any other reply, and before the reply.
 */
export function refusedDependency(request: IncomingMessage): string | undefined {
  return contextOf(request).refusedDependency;
}
