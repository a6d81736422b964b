import { z } from 'zod';
import { text } from './primitives.ts';

/** Of any version, and older ids that claim none. */
const PathId = z
  .guid({ error: 'expected a UUID' })
  .toLowerCase()
  .meta({ examples: ['3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab'] });

/** A path parameter that is no id: a short text. */
const PathText = text(1, 256);

/** Path parameters named `…_id` are UUIDs; the rest are short texts. */
export function pathParametersOf(path: string): z.ZodObject<Record<string, z.ZodType>> | undefined {
  const names = [...path.matchAll(/:(\w+)/g)].flatMap((match) => match[1] ?? []);
  if (names.length === 0) return undefined;
  const shape = names.map((name) => [name, name.endsWith('_id') ? PathId : PathText] as const);
  return z.object(Object.fromEntries(shape));
}
