import type { AnyEndpoint, Endpoint } from './endpoint.ts';

/** What each port of a route does when Redis is down: `{ 'rate-limit': 'fail open: local' }`. */
export type FallbackTexts = Readonly<Record<string, string>>;

/** An endpoint, socket or frame as the documents describe it: with what its service declares. */
export interface Documented<E extends AnyEndpoint = AnyEndpoint> {
  readonly endpoint: E;
  readonly whenRedisDown: FallbackTexts;
  /** The same of ports that other dependencies back, with their names; absent if there is none. */
  readonly whenDown?: FallbackTexts;
}

/** A route as OpenAPI describes it. */
export type DocumentedEndpoint = Documented<Endpoint>;

/** What a document says of itself. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  /** In Markdown. */
  readonly description?: string;
}

/** The license of the interface, as both kinds of documents name it. */
export const documentLicense = {
  name: 'Apache-2.0',
  url: 'https://www.apache.org/licenses/LICENSE-2.0',
} as const;
