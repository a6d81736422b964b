import type { JsonObject } from './json-schema.ts';

const integer = { type: 'integer', minimum: 0 };
const string = { type: 'string' };

/** The headers of replies by name; replies refer to them. */
export const headerComponents = {
  'X-Request-Id': {
    description: 'The id of the request: the one that the client sent, or a new one.',
    schema: string,
    example: '01JDQ3V2Z5W9K7T4M8R6',
  },
  'X-Degraded': {
    description:
      'Present where a fallback answered because Redis is down: each as `port=fallback`.',
    schema: string,
    example: 'rate-limit=local',
  },
  'X-RateLimit-Limit': {
    description: 'Requests per minute. Absent where a request is not limited.',
    schema: integer,
    example: 100,
  },
  'X-RateLimit-Remaining': {
    description: 'Requests that are left.',
    schema: integer,
    example: 99,
  },
  'X-RateLimit-Reset': {
    description: 'Seconds until all requests are there again.',
    schema: integer,
    example: 60,
  },
  RateLimit: {
    description: 'The same as draft-ietf-httpapi-ratelimit-headers writes it.',
    schema: string,
    example: '"default";r=99;t=60',
  },
  'RateLimit-Policy': {
    description: 'The limit as draft-ietf-httpapi-ratelimit-headers writes it.',
    schema: string,
    example: '"default";q=100;w=60',
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt.',
    schema: integer,
    example: 30,
  },
  'WWW-Authenticate': {
    description: 'The scheme that is expected.',
    schema: string,
    example: 'Bearer realm="secureconnect"',
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

export type HeaderName = keyof typeof headerComponents;

const onEveryReply: readonly HeaderName[] = [
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit',
  'RateLimit-Policy',
];

/** References to the headers that every reply has, and to `more`. */
export function headersOf(...more: readonly HeaderName[]): JsonObject {
  return Object.fromEntries(
    [...onEveryReply, ...more].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}
