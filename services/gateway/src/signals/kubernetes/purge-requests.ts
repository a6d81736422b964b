import { closeStormIfOver } from './close-request.ts';
import type { CustomObjects } from './custom-objects.ts';
import { fieldEquals, type ObjectMetadata } from './object-metadata.ts';
import { receivedAt } from './request-object.ts';
import type { SignalClaim } from './signal-claim.ts';
import type { SinkParts } from './sink-parts.ts';

const pageLength = 500;
/** The number of requests removed concurrently. */
const lanes = 4;

/** Much longer than a signal takes to join. */
const strayMs = 600_000;

/**
 * Closes storms without signals. An interrupted gateway leaves them: after it created the request
 * of a storm, or after it removed the last signal.
 */
export async function closeStrayStorms(parts: SinkParts, now: Date): Promise<void> {
  const fieldSelector = [
    fieldEquals('status.overallPhase', 'Pending'),
    fieldEquals('spec.isStorm', 'true'),
  ].join(',');
  for await (const { name, creationTimestamp } of listed(parts.requests, fieldSelector)) {
    const mayBeStray = Date.parse(creationTimestamp) < now.getTime() - strayMs;
    if (mayBeStray) await closeStormIfOver(parts, name, now);
  }
}

/**
 * Removes at most `maxCount` requests that were closed before a time, with the claims that still
 * name them. Returns their number.
 */
export async function purgeRequests(
  parts: SinkParts,
  closedBefore: Date,
  maxCount: number,
): Promise<number> {
  const fieldSelector = fieldEquals('status.overallPhase', 'Resolved');
  const purging = async (names: readonly string[]): Promise<number> => {
    const removed = await Promise.all(names.map((name) => purgeOne(parts, name, closedBefore)));
    return removed.filter((isRemoved) => isRemoved).length;
  };
  let removed = 0;
  let waiting: string[] = [];
  for await (const metadata of listed(parts.requests, fieldSelector)) {
    if (removed === maxCount) return removed;
    // A request is received before it is closed, so only old requests are read.
    if (receivedAt(metadata) < closedBefore) waiting.push(metadata.name);
    if (waiting.length < Math.min(lanes, maxCount - removed)) continue;
    removed += await purging(waiting);
    waiting = [];
  }
  return removed + (await purging(waiting));
}

async function purgeOne(parts: SinkParts, name: string, before: Date): Promise<boolean> {
  const request = await parts.requests.get(name);
  const closed = request?.status.closedTime;
  if (request === undefined || closed === undefined) return false;
  if (Date.parse(closed) >= before.getTime()) return false;
  await removeClaims(parts, name);
  return parts.requests.remove(request.metadata);
}

/**
 * Removed before the request, because a claim without its request means that the request is about
 * to be created. A claim that is moved to a different request meanwhile has changed, and stays.
 */
async function removeClaims({ claims }: SinkParts, requestName: string): Promise<void> {
  const fieldSelector = fieldEquals('spec.requestName', requestName);
  for await (const metadata of listed(claims, fieldSelector)) await claims.remove(metadata);
}

async function* listed(
  objects: Pick<CustomObjects<SignalClaim>, 'list'>,
  fieldSelector: string,
): AsyncGenerator<ObjectMetadata> {
  let continueAt: string | undefined;
  do {
    const page = await objects.list({ fieldSelector, limit: pageLength, continueAt });
    for (const { metadata } of page.items) yield metadata;
    continueAt = page.metadata.continue || undefined;
  } while (continueAt !== undefined);
}
