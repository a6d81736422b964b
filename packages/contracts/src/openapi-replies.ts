import { z } from 'zod';
import { Failure, LocalLimitReached, ServiceDegraded, successOf } from './envelope.ts';
import type { ErrorCode } from './errors.ts';
import { errorStatuses } from './errors.ts';
import type { Operation } from './openapi-operation.ts';
import type { Components, JsonObject } from './openapi-schemas.ts';
import { jsonSchemaOf } from './openapi-schemas.ts';

const descriptions: Readonly<Record<ErrorCode, string>> = {
  VALIDATION_ERROR: 'The request is malformed; `details` names the fields.',
  UNAUTHORIZED: 'The bearer token is missing, expired, revoked or wrong.',
  FORBIDDEN: 'Not allowed for this user.',
  NOT_FOUND: 'There is no such thing, or not for this user.',
  METHOD_NOT_ALLOWED: 'The path exists, the method does not.',
  CONFLICT: 'It clashes with what is there already.',
  PAYLOAD_TOO_LARGE: 'The body is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not of the content type that is asked for.',
  ACCOUNT_LOCKED: 'Too many failed logins; try again after `Retry-After` seconds.',
  RATE_LIMITED: 'Too many requests; try again after `Retry-After` seconds.',
  INTERNAL_ERROR: 'Something went wrong here; `request_id` finds it in the logs.',
  BAD_GATEWAY: 'The service behind the gateway could not be reached.',
  SERVICE_UNAVAILABLE: 'Not able to serve now; try again after `Retry-After` seconds.',
  GATEWAY_TIMEOUT: 'The service behind the gateway did not answer in time.',
};

/** The component that documents a 503 of routes that fail closed while Redis is away. */
const FAILS_CLOSED = 'SERVICE_DEGRADED';

const retryAfter = {
  'Retry-After': {
    description: 'Seconds to wait before the next try.',
    schema: { type: 'integer', minimum: 0 },
  },
};

const withRetryAfter = new Set<ErrorCode>([
  'ACCOUNT_LOCKED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
]);

function reply(description: string, schema: JsonObject, headers?: JsonObject): JsonObject {
  const content = { 'application/json': { schema } };
  return headers === undefined ? { description, content } : { description, headers, content };
}

/** The error replies that operations refer to, by error code. */
export function errorResponses(components: Components): Record<string, JsonObject> {
  const failed = jsonSchemaOf(Failure, 'output', components);
  const limited = jsonSchemaOf(z.union([Failure, LocalLimitReached]), 'output', components);
  const closed = jsonSchemaOf(z.union([ServiceDegraded, Failure]), 'output', components);
  const codes = Object.entries(descriptions) as Array<[ErrorCode, string]>;
  const responses = codes.map(([code, description]) => {
    const schema = code === 'RATE_LIMITED' ? limited : failed;
    return [code, reply(description, schema, withRetryAfter.has(code) ? retryAfter : undefined)];
  });
  const degraded = reply('Redis is away and nothing has happened.', closed, retryAfter);
  return { ...Object.fromEntries(responses), [FAILS_CLOSED]: degraded };
}

/** The error codes that any operation of this kind may answer, and its own. */
function codesOf(operation: Operation): Set<ErrorCode> {
  const codes = new Set<ErrorCode>(['RATE_LIMITED', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE']);
  const { auth, body, errors = [], params, query } = operation;
  if (auth === 'bearer') codes.add('UNAUTHORIZED');
  if (body ?? params ?? query) codes.add('VALIDATION_ERROR');
  if (params) codes.add('NOT_FOUND');
  if (body) codes.add('PAYLOAD_TOO_LARGE').add('UNSUPPORTED_MEDIA_TYPE');
  for (const code of errors) codes.add(code);
  return codes;
}

function successReply(operation: Operation, components: Components): JsonObject {
  const description = operation.summary ?? operation.operation;
  if (operation.status === 204) return { description };
  const enveloped = successOf(operation.reply ?? z.unknown());
  const headers = {
    'X-Degraded': {
      description: 'What was not as usual because Redis is away, as `port=fallback`.',
      schema: { type: 'string' },
    },
  };
  return reply(description, jsonSchemaOf(enveloped, 'output', components), headers);
}

/** Every reply of an operation by status: its own, and references to the errors. */
export function responsesOf(operation: Operation, components: Components): JsonObject {
  const refTo = (name: string) => ({ $ref: `#/components/responses/${name}` });
  const responses: JsonObject = {};
  for (const code of codesOf(operation)) responses[errorStatuses[code]] = refTo(code);
  if (operation.failsClosed === true) responses[503] = refTo(FAILS_CLOSED);
  for (const [status, { body, description }] of Object.entries(operation.degradedStatuses ?? {})) {
    responses[status] =
      body === undefined
        ? { description }
        : reply(description, jsonSchemaOf(body, 'output', components));
  }
  responses[operation.status ?? 200] = successReply(operation, components);
  return responses;
}
