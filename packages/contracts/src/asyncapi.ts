import { channelOf, unique } from './asyncapi-channel.ts';
import { type Documented, type DocumentInfo, documentLicense } from './documented.ts';
import type { FrameEndpoint, SocketEndpoint } from './endpoint.ts';
import { type JsonObject, SchemaComponents, sorted } from './json-schema.ts';
import { securitySchemes } from './openapi-operation.ts';

export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: JsonObject;
  readonly servers: Readonly<Record<string, JsonObject>>;
  readonly channels: Readonly<Record<string, JsonObject>>;
  readonly operations: Readonly<Record<string, JsonObject>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

export interface AsyncApiInput extends DocumentInfo {
  /** Where a gateway listens, for example `localhost:8080`. */
  readonly host: string;
  /** Of these the HTTP endpoints are left out. */
  readonly routes: readonly Documented[];
}

/**
 * The AsyncAPI 3.0 document of the sockets among a list of routes, from the view of the server: it
 * receives what clients send.
 * @throws Error where two messages or operations have the same name, or a frame no socket.
 */
export function asyncApiDocument({ host, routes, ...info }: AsyncApiInput): AsyncApiDocument {
  const components = new SchemaComponents('draft-7');
  const frames = routes.filter(
    (each): each is Documented<FrameEndpoint> => each.endpoint.kind === 'frame',
  );
  const channels = routes
    .filter((each): each is Documented<SocketEndpoint> => each.endpoint.kind === 'socket')
    .map((socket) => {
      const own = frames.filter(({ endpoint }) => endpoint.path === socket.endpoint.path);
      return { id: socket.endpoint.id, ...channelOf(socket, own, components) };
    });
  const operations = channels.flatMap((channel) => Object.entries(channel.operations));
  return {
    asyncapi: '3.0.0',
    info: { ...info, license: documentLicense },
    servers: {
      gateway: {
        host: '{host}',
        protocol: 'ws',
        description: 'The gateway; wss where it is behind TLS.',
        variables: { host: { default: host, description: 'Host and port of the gateway.' } },
      },
    },
    channels: Object.fromEntries(channels.map(({ id, channel }) => [id, channel])),
    operations: unique(operations),
    components: {
      schemas: sorted(components.schemas),
      securitySchemes: { bearer: securitySchemes.bearer },
    },
  };
}
