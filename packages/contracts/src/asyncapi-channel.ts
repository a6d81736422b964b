import type { Documented } from './documented.ts';
import type { FrameEndpoint, SocketEndpoint } from './endpoint.ts';
import { exampleOf } from './example-of.ts';
import type { JsonObject, SchemaComponents } from './json-schema.ts';
import { frameTypeOf, type ServerFrame, serverFramesOf } from './server-frames.ts';
import { errorsOf, generalErrors } from './statuses-of.ts';

interface Channel {
  readonly channel: JsonObject;
  readonly operations: Readonly<Record<string, JsonObject>>;
}

type Named = readonly [name: string, value: JsonObject];

/** One WebSocket path: its channel, an operation for each frame of clients, and one for each of the server. */
export function channelOf(
  socket: Documented<SocketEndpoint>,
  frames: readonly Documented<FrameEndpoint>[],
  components: SchemaComponents,
): Channel {
  const { endpoint } = socket;
  const fromClients = frames.filter(({ endpoint: { sentBy } }) => sentBy !== 'server');
  const fromServer = serverFramesOf(endpoint);
  const messages = unique([
    ...fromClients.map(
      ({ endpoint: { id, type, summary, frame } }): Named => [
        id,
        messageOf({ type, summary, schema: frame }, 'input', components),
      ],
    ),
    ...fromServer.map((frame): Named => [frame.type, messageOf(frame, 'output', components)]),
  ]);
  const ofType = (type: string) => frames.find(({ endpoint: each }) => each.type === type);
  return {
    channel: { ...descriptionOf(socket, components), messages },
    operations: unique([
      ...fromClients.map((frame): Named => [frame.endpoint.id, received(endpoint, frame)]),
      ...fromServer.map(
        (frame): Named => [
          `${endpoint.id}Sends${pascalCase(frame.type)}`,
          sent(endpoint, frame, ofType(frame.type)),
        ],
      ),
    ]),
  };
}

function descriptionOf(
  { endpoint, whenRedisDown }: Documented<SocketEndpoint>,
  components: SchemaComponents,
): JsonObject {
  const { description, path, query, summary } = endpoint;
  const bindings = query === undefined ? {} : { query: components.jsonSchemaOf(query, 'input') };
  return {
    address: path,
    title: endpoint.action,
    summary,
    ...(description === undefined ? {} : { description }),
    bindings: { ws: { method: 'GET', ...bindings, bindingVersion: '0.1.0' } },
    'x-errors': [...errorsOf(endpoint)],
    'x-when-redis-down': whenRedisDown,
  };
}

function received(
  { auth, id: channel }: SocketEndpoint,
  { endpoint, whenRedisDown }: Documented<FrameEndpoint>,
): JsonObject {
  const { answer, description, errors, id, summary } = endpoint;
  const answers = answer === undefined ? [] : [frameTypeOf(answer)];
  const degraded = Object.keys(whenRedisDown).length === 0 ? [] : ['SERVICE_DEGRADED'];
  return {
    action: 'receive',
    channel: referenceTo(channel),
    summary,
    ...(description === undefined ? {} : { description }),
    ...(auth === 'none' ? {} : { security: [{ $ref: `#/components/securitySchemes/${auth}` }] }),
    messages: [referenceTo(channel, id)],
    reply: {
      channel: referenceTo(channel),
      messages: [...answers, 'error'].map((name) => referenceTo(channel, name)),
    },
    'x-errors': [...new Set([...generalErrors, ...errors, ...degraded])],
    'x-when-redis-down': whenRedisDown,
  };
}

function sent(
  { auth, id: channel }: SocketEndpoint,
  { summary, type }: ServerFrame,
  declared: Documented<FrameEndpoint> | undefined,
): JsonObject {
  return {
    action: 'send',
    channel: referenceTo(channel),
    summary,
    ...(auth === 'none' ? {} : { security: [{ $ref: `#/components/securitySchemes/${auth}` }] }),
    messages: [referenceTo(channel, type)],
    ...(declared === undefined ? {} : { 'x-when-redis-down': declared.whenRedisDown }),
  };
}

function messageOf(
  { schema, summary, type }: ServerFrame,
  direction: 'input' | 'output',
  components: SchemaComponents,
): JsonObject {
  return {
    name: type,
    title: type,
    summary,
    contentType: 'application/json',
    payload: components.jsonSchemaOf(schema, direction),
    examples: [{ name: type, payload: exampleOf(schema) }],
  };
}

function referenceTo(channel: string, message?: string): { readonly $ref: string } {
  const path = message === undefined ? channel : `${channel}/messages/${message}`;
  return { $ref: `#/channels/${path}` };
}

/** @throws Error where two entries have the same name. */
export function unique(entries: readonly Named[]): Record<string, JsonObject> {
  const names = entries.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two messages or operations are both named ${twice}`);
  return Object.fromEntries(entries);
}

/** `user_joined` as `UserJoined`. */
function pascalCase(type: string): string {
  return type.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
