import type { z } from 'zod';
import type { Credential } from './endpoint.ts';
import type { ErrorCode } from './errors.ts';
import type { JsonObject } from './openapi-schemas.ts';

/** A reply that a route gives only while Redis is away. */
export interface DegradedReply {
  readonly description: string;
  /** The whole body, without the envelope. */
  readonly body?: z.ZodType;
}

/** One route as the document describes it. */
export interface Operation {
  readonly method: string;
  /** As the router has it, for example `/v1/users/:user_id`. */
  readonly path: string;
  /** Unique name, for example `sendMessage`. */
  readonly operation: string;
  readonly summary?: string;
  readonly auth: Credential;
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  /** The envelope's `data`. */
  readonly reply?: z.ZodType;
  /** Status of the reply; 200 where it is not given, and no body with 204. */
  readonly status?: number;
  /** Error codes beside those that follow from auth, body, query and params. */
  readonly errors?: readonly ErrorCode[];
  /** True where the route answers 503 with the degraded body while Redis is away. */
  readonly failsClosed?: boolean;
  readonly degradedStatuses?: Readonly<Record<number, DegradedReply>>;
}

export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  /** Address that the paths are relative to. */
  readonly server?: string;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string };
  servers?: Array<{ url: string }>;
  paths: Record<string, Record<string, JsonObject>>;
  components: {
    schemas: Record<string, JsonObject>;
    responses: Record<string, JsonObject>;
    securitySchemes: Record<string, JsonObject>;
  };
}
