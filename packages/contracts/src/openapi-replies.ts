import type { z } from 'zod';
import type { DocumentedEndpoint } from './documented.ts';
import type { Endpoint, RawReply } from './endpoint.ts';
import { Failure, Meta, successOf } from './envelope.ts';
import { errorStatuses } from './errors.ts';
import { exampleOf, examplesOf } from './example-of.ts';
import type { JsonObject, SchemaComponents } from './json-schema.ts';
import { headersOf } from './openapi-headers.ts';
import { errorsOf, hasEnvelope } from './statuses-of.ts';

/** Every reply of an operation by status; errors refer to the components. */
export function responsesOf(
  { endpoint }: DocumentedEndpoint,
  components: SchemaComponents,
): JsonObject {
  const errors = [...errorsOf(endpoint)].map((code) => [
    String(errorStatuses[code]),
    { $ref: `#/components/responses/${code}` },
  ]);
  const others = Object.entries(endpoint.otherReplies ?? {}).map(([status, reply]) => [
    status,
    rawReply(reply, components),
  ]);
  const success = hasEnvelope(endpoint)
    ? [[String(endpoint.status ?? 200), successReply(endpoint, components)]]
    : [];
  return {
    ...Object.fromEntries([...errors, ...others, ...success]),
    default: { $ref: '#/components/responses/default' },
  };
}

/** The reply that operations refer to for what the gateway may say of any of them, such as 502 or 504. */
export function defaultReply(components: SchemaComponents): JsonObject {
  const schema = components.jsonSchemaOf(Failure, 'output');
  return {
    description:
      'Any other error, such as 502 or 504 while a service does not answer, or 503 while it cannot be reached.',
    headers: headersOf(),
    content: { 'application/json': { schema, example: exampleOf(Failure) } },
  };
}

function successReply({ reply, status = 200 }: Endpoint, components: SchemaComponents): JsonObject {
  const description = status === 201 ? 'Created.' : status === 202 ? 'Accepted.' : 'Success.';
  const headers = headersOf('X-Degraded');
  if (reply === undefined) return { description, headers };
  const meta = exampleOf(Meta);
  const enveloped = examplesOf(reply).map((data) => ({ success: true, data, meta }));
  const schema = components.jsonSchemaOf(successOf(reply), 'output');
  return { description, headers, content: { 'application/json': { schema, ...named(enveloped) } } };
}

function rawReply(
  { description, mediaType, schema }: RawReply,
  components: SchemaComponents,
): JsonObject {
  const reply = { description, headers: headersOf('X-Degraded') };
  if (mediaType === undefined && schema === undefined) return reply;
  const content = { [mediaType ?? 'application/json']: contentOf(schema, 'output', components) };
  return { ...reply, content };
}

/** A schema with its examples, as it stands below a media type. */
export function contentOf(
  schema: z.ZodType | undefined,
  direction: 'input' | 'output',
  components: SchemaComponents,
): JsonObject {
  if (schema === undefined) return {};
  return { schema: components.jsonSchemaOf(schema, direction), ...named(examplesOf(schema)) };
}

function named(examples: readonly unknown[]): JsonObject {
  if (examples.length === 1) return { example: examples[0] };
  const entries = examples.map((value, at) => [`example${at + 1}`, { value }] as const);
  return { examples: Object.fromEntries(entries) };
}
