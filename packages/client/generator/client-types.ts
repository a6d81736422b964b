import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';

type Schema = Readonly<Record<string, unknown>>;
type Named = readonly [name: string, schema: Schema];
type Schemas = Readonly<Record<string, Schema>>;
type Content = Readonly<Record<string, { readonly schema?: Schema } | undefined>>;

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

interface Reference {
  readonly $ref: string;
}
interface AsyncApi {
  readonly channels: Readonly<
    Record<string, { readonly messages: Readonly<Record<string, { readonly payload: Schema }>> }>
  >;
  readonly operations: Readonly<
    Record<string, { readonly action: 'receive' | 'send'; readonly messages: readonly Reference[] }>
  >;
  readonly components: { readonly schemas: Schemas };
}

const heading =
  '// Written by `npm run generate` from openapi.json and asyncapi.json: do not edit.\n';
const json = 'application/json';

/**
 * The types of the client: every route by its name, such as `POST /v1/messages`, with what it takes
 * and gives, and the frames of both sockets. Written by openapi-typescript from schemas alone: its
 * output for the whole document repeats each error of each route, in 14,000 lines.
 * @param openApiText the document of `GET /openapi.json`
 * @param asyncApiText the document of `GET /asyncapi.json`
 * @returns the text of a TypeScript module
 */
export async function clientTypesOf(openApiText: string, asyncApiText: string): Promise<string> {
  const openApi = JSON.parse(openApiText) as OpenApi;
  const asyncApi = JSON.parse(asyncApiText) as AsyncApi;
  const schemas = {
    ...asyncApi.components.schemas,
    ...openApi.components.schemas,
    Routes: objectOf(routesOf(openApi)),
    ...Object.fromEntries(framesOf(asyncApi)),
  };
  const info = { title: 'Types of the client', version: '1' };
  const document = withoutExamples({ openapi: '3.1.0', info, components: { schemas } });
  const types = await openapiTypes(document as OpenAPI3, { defaultNonNullable: false });
  return heading + onlyComponents(astToString(types));
}

/** Without the types of a whole document, which are empty. */
function onlyComponents(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => !/^export type .* = Record<string, never>;$/.test(line));
  return lines.join('\n');
}

/** Those whose reply is an envelope; the others answer with bytes, pages or texts for machines. */
function routesOf({ paths }: OpenApi): Named[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]): Named[] => {
      const data = dataOf(operation);
      if (data === undefined) return [];
      const name = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      const route = objectOf([...requestOf(operation), ['data', data]], isNeeded);
      return [[name, { ...route, description: operation.summary }]];
    }),
  );
}

/** `data` of the envelope of a success. */
function dataOf({ responses }: Operation): Schema | undefined {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const properties = success?.content?.[json]?.schema?.['properties'];
  return (properties as Schemas | undefined)?.['data'];
}

/** `path`, `query` and `body`, where there is one. */
function requestOf({ parameters = [], requestBody }: Operation): Named[] {
  const groups = (['path', 'query'] as const).map((group): Named => {
    const own = parameters.filter((parameter) => parameter.in === group);
    const properties = own.map(({ name, schema }): Named => [name, schema]);
    const required = own.filter((parameter) => parameter.required === true);
    return [group, { ...objectOf(properties), required: required.map(({ name }) => name) }];
  });
  const body = requestBody?.content[json]?.schema;
  return [
    ...groups.filter(([, { properties }]) => Object.keys(properties as object).length > 0),
    ...(body === undefined ? [] : [['body', body] satisfies Named]),
  ];
}

/** For each socket the frames of a client, and those of the server. */
function framesOf({ channels, operations }: AsyncApi): Named[] {
  return Object.entries(channels).flatMap(([channel, { messages }]) =>
    (['receive', 'send'] as const).map((action): Named => {
      const frames = Object.values(operations)
        .filter((operation) => operation.action === action)
        .flatMap((operation) => operation.messages)
        .filter(({ $ref }) => $ref.startsWith(`#/channels/${channel}/`))
        .map(({ $ref }) => messages[$ref.slice($ref.lastIndexOf('/') + 1)]?.payload ?? {});
      const socket = `${channel.slice(0, 1).toUpperCase()}${channel.slice(1, -'Socket'.length)}`;
      return [`${socket}${action === 'receive' ? 'Client' : 'Server'}Frame`, { anyOf: frames }];
    }),
  );
}

/** Not a query of which every part may be left out. */
function isNeeded([name, schema]: Named): boolean {
  return name !== 'query' || (schema['required'] as readonly string[]).length > 0;
}

function objectOf(entries: readonly Named[], isRequired = (_: Named) => true): Schema {
  const required = entries.filter(isRequired).map(([name]) => name);
  return { type: 'object', required, properties: Object.fromEntries(entries) };
}

/** The document without its examples, which would be half of the comments. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'examples');
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutExamples(each)]));
}
