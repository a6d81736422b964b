import { fieldEquals } from './object-metadata.ts';
import { isPending, type RequestObject } from './request-object.ts';
import type { SinkParts } from './sink-parts.ts';
import { timeText } from './time-text.ts';

/** Closes the own request of a signal; false where it is closed, or began after `endedAt`. */
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
 * Closes a storm that no signal is in any more. A signal that joins first makes its claim and then
 * changes the request: so it is seen here in the list, or the request is not any more the one read.
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
