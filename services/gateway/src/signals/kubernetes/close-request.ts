import { fieldEquals } from './object-metadata.ts';
import { isPending, type RequestObject } from './request-object.ts';
import type { SinkParts } from './sink-parts.ts';
import { timeText } from './time-text.ts';

/** Closes a signal's own request; false if it is closed or began after `endedAt`. */
export function closeOwn(
  parts: SinkParts,
  name: string,
  endedAt: Date,
  at: Date,
): Promise<boolean> {
  const { requests, settled } = parts;
  return settled(async () => {
    const current = await requests.get(name);
    if (current === undefined || !isPending(current)) return false;
    if (Date.parse(current.spec.firingTime) > endedAt.getTime()) return false;
    return (await resolve(parts, current, at)) ? true : undefined;
  });
}

/**
 * Closes a storm without signals. A joining signal creates its claim first and then changes the
 * request, so either the list shows the claim, or the request has changed since it was read.
 */
export function closeStormIfOver(parts: SinkParts, name: string, at: Date): Promise<boolean> {
  const { claims, requests, settled } = parts;
  const fieldSelector = [
    fieldEquals('spec.requestName', name),
    fieldEquals('spec.membership', 'Open'),
  ].join(',');
  return settled(async () => {
    const current = await requests.get(name);
    if (current === undefined || !isPending(current)) return false;
    const { items } = await claims.list({ fieldSelector, limit: 1 });
    if (items.length > 0) return false;
    return (await resolve(parts, current, at)) ? true : undefined;
  });
}

async function resolve({ requests }: SinkParts, current: RequestObject, at: Date) {
  const status = { overallPhase: 'Resolved', closedTime: timeText(at) };
  return (await requests.patch(current, { status }, 'status')) !== undefined;
}
