import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { Timestamp } from './primitives.ts';

/** Metadata of every reply; `degraded` names the ports that used a fallback. */
export const Meta = z
  .object({
    timestamp: Timestamp,
    request_id: z.string().meta({ examples: ['01JDQ3V2Z5W9K7T4M8R6'] }),
    degraded: z.array(z.string()).exactOptional(),
  })
  .meta({ id: 'Meta' });
export type Meta = z.infer<typeof Meta>;

/** A wrong field of a request, and what was expected. */
export const ErrorDetail = z.object({ field: z.string(), message: z.string() });
export type ErrorDetail = z.infer<typeof ErrorDetail>;

export const Failure = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: ErrorCode.meta({ examples: ['INTERNAL_ERROR'] }),
      message: z.string().meta({ examples: ['Something went wrong here.'] }),
      details: z.array(ErrorDetail).exactOptional(),
    }),
    meta: Meta,
  })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof Failure>;

export interface Success<Data> {
  success: true;
  data: Data;
  meta: Meta;
}

/** The schema of a successful reply that carries `data`. */
export function successOf<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data, meta: Meta });
}

/** A successful reply. */
export function success<Data>(data: Data, meta: Meta): Success<Data> {
  return { success: true, data, meta };
}

/** An error reply; without `details` if no single field is wrong. */
export function failure(
  code: ErrorCode,
  message: string,
  meta: Meta,
  details?: readonly ErrorDetail[],
): Failure {
  const error =
    details === undefined || details.length === 0
      ? { code, message }
      : { code, message, details: [...details] };
  return { success: false, error, meta };
}

/** The body of a 503 from a route that fails closed while Redis is down. */
export const ServiceDegraded = z
  .object({
    error: z.literal('SERVICE_DEGRADED'),
    code: z.literal('redis_unavailable'),
    mode: z.literal('degraded'),
    message: z.string().meta({
      examples: ['login is operating in degraded mode due to Redis unavailability'],
    }),
  })
  .meta({ id: 'ServiceDegraded' });
export type ServiceDegraded = z.infer<typeof ServiceDegraded>;

/** The body of a 429 from the local limit that replaces Redis. */
export const LocalLimitReached = z
  .object({ error: z.literal('Rate limit exceeded'), mode: z.literal('degraded') })
  .meta({ id: 'LocalLimitReached' });
export type LocalLimitReached = z.infer<typeof LocalLimitReached>;
