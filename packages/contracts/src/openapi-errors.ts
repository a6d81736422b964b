import { z } from 'zod';
import {
  type ErrorDetail,
  Failure,
  failure,
  LocalLimitReached,
  Meta,
  ServiceDegraded,
} from './envelope.ts';
import type { ErrorCode } from './errors.ts';
import { exampleOf } from './example-of.ts';
import type { JsonObject, SchemaComponents } from './json-schema.ts';
import { type HeaderName, headersOf } from './openapi-headers.ts';

interface ErrorText {
  readonly description: string;
  /** The message of the example. */
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
  readonly headers?: readonly HeaderName[];
}

const texts: Readonly<Record<ErrorCode, ErrorText>> = {
  VALIDATION_ERROR: {
    description: 'The request is malformed; `details` names the fields.',
    message: 'body.email is required: expected string',
    details: [{ field: 'body.email', message: 'is required: expected string' }],
  },
  UNAUTHORIZED: {
    description: 'The token or password is missing, wrong, expired or revoked.',
    message: 'This access token has expired. Refresh it, or log in again.',
    headers: ['WWW-Authenticate'],
  },
  EMAIL_NOT_VERIFIED: {
    description: 'The address of the account is not verified; request a new mail.',
    message: 'Verify your e-mail address first.',
  },
  FORBIDDEN: {
    description: 'This user may not do this.',
    message: 'Only participants of the conversation can do this.',
  },
  STEP_UP_REQUIRED: {
    description: 'The change is sensitive, and neither the sign-in nor a step-up is recent.',
    message:
      'This needs a sign-in or a step-up in the last 5 minutes; POST /v1/auth/step-up, then retry.',
  },
  NOT_FOUND: {
    description: 'The resource does not exist, or this user may not see it.',
    message: 'There is no such conversation.',
  },
  METHOD_NOT_ALLOWED: {
    description: 'The path exists, but not with this method.',
    message: 'Expected one of: GET, HEAD.',
  },
  CONFLICT: {
    description: 'The request conflicts with the current state of the resource.',
    message: 'This e-mail address is taken.',
  },
  PEER_AWAY: {
    description: 'The participant has no signaling socket; retry when they are back.',
    message: 'This peer has no signaling socket; wait for peer_back.',
  },
  PAYLOAD_TOO_LARGE: {
    description: 'The body is too large.',
    message: 'The body is too large.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    description: 'The body has a different Content-Type than the expected one.',
    message: 'Expected Content-Type: application/json.',
  },
  ACCOUNT_LOCKED: {
    description: 'Too many failed logins; retry after `Retry-After` seconds.',
    message: 'Too many failed logins; retry later.',
    headers: ['Retry-After'],
  },
  RATE_LIMITED: {
    description: 'Too many requests; retry after `Retry-After` seconds.',
    message: 'The limit is 100 requests a minute; retry later.',
    headers: ['Retry-After'],
  },
  INTERNAL_ERROR: {
    description: 'The server failed; the log names the fault under `request_id`.',
    message: 'Something went wrong here.',
  },
  BAD_GATEWAY: {
    description: 'The service failed once the gateway had reached it.',
    message: 'The service did not answer; try again.',
  },
  SERVICE_UNAVAILABLE: {
    description:
      'A database or the service cannot be reached; or Redis is down, the route fails closed, and nothing has happened. Retry after `Retry-After` seconds.',
    message: 'The database cannot be reached; try again.',
    headers: ['Retry-After'],
  },
  GATEWAY_TIMEOUT: {
    description: 'The service did not answer the gateway in time.',
    message: 'The service did not answer in time.',
  },
};

/** Bodies of an error beside that of the envelope. */
const otherBodies: Partial<Readonly<Record<ErrorCode, z.ZodType>>> = {
  RATE_LIMITED: LocalLimitReached,
  SERVICE_UNAVAILABLE: ServiceDegraded,
};

/** The replies of errors that operations refer to, by code. */
export function errorComponents(
  codes: Iterable<ErrorCode>,
  components: SchemaComponents,
): Record<string, JsonObject> {
  return Object.fromEntries([...codes].map((code) => [code, errorReply(code, components)]));
}

function errorReply(code: ErrorCode, components: SchemaComponents): JsonObject {
  const { description, headers = [], message, details } = texts[code];
  const meta = exampleOf(Meta) as Meta;
  const example = failure(code, message, meta, details);
  const degraded = otherBodies[code];
  const content =
    degraded === undefined
      ? { schema: components.jsonSchemaOf(Failure, 'output'), example }
      : {
          schema: components.jsonSchemaOf(z.union([Failure, degraded]), 'output'),
          examples: {
            normal: { summary: 'With Redis up', value: example },
            degraded: { summary: 'With Redis down', value: exampleOf(degraded) },
          },
        };
  return { description, headers: headersOf(...headers), content: { 'application/json': content } };
}
