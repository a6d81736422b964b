import { z } from 'zod';
import type { SocketEndpoint } from './endpoint.ts';

/** A kind of frame that a server sends. */
export interface ServerFrame {
  readonly type: string;
  /** The description in the metadata of its schema. */
  readonly summary: string;
  readonly schema: z.ZodType;
}

/** What the server sends over a socket, by type. */
export function serverFramesOf({ id, sends }: SocketEndpoint): ServerFrame[] {
  if (sends === undefined) return [];
  if (!(sends instanceof z.ZodUnion)) throw new Error(`${id}: expected a union of frames`);
  return sends.options.map((option) => {
    const schema = option as z.ZodType;
    const type = frameTypeOf(schema);
    return { type, schema, summary: schema.description ?? type };
  });
}

/** The `type` of the frames that a schema describes. */
export function frameTypeOf(schema: z.ZodType): string {
  const type = schema instanceof z.ZodObject ? schema.shape['type'] : undefined;
  if (!(type instanceof z.ZodLiteral)) throw new Error('expected a frame with a literal type');
  return String(type.value);
}
