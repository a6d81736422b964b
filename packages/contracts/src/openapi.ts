import {
  type Documented,
  type DocumentedEndpoint,
  type DocumentInfo,
  documentLicense,
} from './documented.ts';
import { type JsonObject, SchemaComponents, sorted } from './json-schema.ts';
import { errorComponents } from './openapi-errors.ts';
import { headerComponents } from './openapi-headers.ts';
import { operationOf, securitySchemes } from './openapi-operation.ts';
import { defaultReply } from './openapi-replies.ts';
import { errorsOf } from './statuses-of.ts';
import { tagDescriptions } from './tags.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject & { readonly title: string; readonly version: string };
  readonly servers: ReadonlyArray<{ readonly url: string }>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly description?: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonObject>>;
    readonly responses: Readonly<Record<string, JsonObject>>;
    readonly headers: Readonly<Record<string, JsonObject>>;
    readonly securitySchemes: Readonly<Record<string, JsonObject>>;
  };
}

export interface OpenApiInput extends DocumentInfo {
  /** Of these the sockets and frames are left out. */
  readonly routes: readonly Documented[];
}

/**
 * The OpenAPI 3.1 document of a list of routes, in their order.
 * @throws Error where two have the same route or id, or two schemas the same name.
 */
export function openApiDocument({ routes: all, ...info }: OpenApiInput): OpenApiDocument {
  const routes = all.flatMap(({ endpoint, ...declared }) =>
    endpoint.kind === 'http' ? [{ endpoint, ...declared }] : [],
  );
  const components = new SchemaComponents('draft-2020-12');
  const paths: Record<string, Record<string, JsonObject>> = {};
  const ids = new Set<string>();
  for (const route of routes) {
    const { id, method, path } = route.endpoint;
    if (ids.has(id)) throw new Error(`two operations are both named ${id}`);
    ids.add(id);
    const place = path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = paths[place] ?? {};
    paths[place] = operations;
    const verb = method.toLowerCase();
    if (operations[verb] !== undefined) throw new Error(`two operations are ${method} ${path}`);
    operations[verb] = operationOf(route, components);
  }
  const codes = new Set(routes.flatMap(({ endpoint }) => [...errorsOf(endpoint)]));
  const responses = { ...errorComponents(codes, components), default: defaultReply(components) };
  return {
    openapi: '3.1.0',
    info: { ...info, license: documentLicense },
    // The host that served the document.
    servers: [{ url: '/' }],
    tags: tagsOf(routes),
    paths,
    components: {
      schemas: sorted(components.schemas),
      responses: sorted<JsonObject>(responses),
      headers: headerComponents,
      securitySchemes,
    },
  };
}

/** The tags that routes have, in the order of the documentation; those that it does not know come last. */
function tagsOf(routes: readonly DocumentedEndpoint[]): OpenApiDocument['tags'] {
  const used = new Set(routes.map(({ endpoint }) => endpoint.tag));
  const known = Object.entries(tagDescriptions).filter(([name]) => used.has(name));
  const others = [...used].filter((name) => !Object.hasOwn(tagDescriptions, name)).sort();
  return [
    ...known.map(([name, description]) => ({ name, description })),
    ...others.map((name) => ({ name })),
  ];
}
