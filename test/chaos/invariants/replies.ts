import type { Operation } from '../history.ts';

/** A text of the field `data` of a reply; undefined where it has none. */
export function replyText({ body }: Operation, field: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  const value = JSON.parse(body).data?.[field];
  return typeof value === 'string' ? value : undefined;
}

/** One operation in a few words. */
export function inWords({ id, user, name, entry, instance, status, startMs }: Operation): string {
  const by = instance === undefined ? '' : ` (${instance})`;
  return `${(startMs / 1000).toFixed(2)} s: ${user}, ${name} at ${entry}${by}: ${status} [${id}]`;
}
