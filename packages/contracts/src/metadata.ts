import { z } from 'zod';
import { storageFault } from './primitives.ts';

export const METADATA_MAX_BYTES = 8 * 1024;
export const METADATA_MAX_DEPTH = 8;

/** What is wrong with a value, ignoring its children. */
function leafFault(value: unknown): string | undefined {
  if (typeof value === 'string') return storageFault(value);
  // JSON text such as 1e400 parses to Infinity, which JSON cannot represent.
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'numbers are too large';
  if (value === null || typeof value === 'boolean' || typeof value === 'object') return undefined;
  return 'expected JSON values only';
}

/**
 * Walks the value iteratively, so that deep nesting cannot overflow the call stack.
 */
function contentFault(root: unknown): string | undefined {
  const open: Array<{ value: unknown; depth: number }> = [{ value: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    const fault = leafFault(value);
    if (fault !== undefined) return fault;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > METADATA_MAX_DEPTH) return `expected at most ${METADATA_MAX_DEPTH} levels`;
    for (const [key, child] of Object.entries(value)) {
      const keyFault = storageFault(key);
      if (keyFault !== undefined) return `keys ${keyFault}`;
      open.push({ value: child, depth: depth + 1 });
    }
  }
  return undefined;
}

/** What is wrong with a client's JSON object, or `undefined`. */
function metadataFault(value: Record<string, unknown>): string | undefined {
  const fault = contentFault(value);
  if (fault !== undefined) return fault;
  const bytes = Buffer.byteLength(JSON.stringify(value), 'utf8');
  return bytes <= METADATA_MAX_BYTES
    ? undefined
    : `expected at most ${METADATA_MAX_BYTES} bytes of JSON`;
}

/** A client's JSON object: at most 8 KiB when serialised, and at most 8 levels deep. */
export const Metadata = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const message = metadataFault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description: `At most ${METADATA_MAX_BYTES} bytes of JSON, ${METADATA_MAX_DEPTH} levels deep`,
  });
export type Metadata = z.infer<typeof Metadata>;
