import type { RemediationRequest } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { RequestFilter, RequestPosition } from '../sink.ts';
import { fieldEquals } from './object-metadata.ts';
import { receivedAt, remediationRequest } from './request-object.ts';
import type { SinkParts } from './sink-parts.ts';

const pageLength = 500;
/** The maximum of pages that a list reads: 20,000 requests, names and times only. */
const maxPages = 40;
/** The number of requests read concurrently. */
const lanes = 8;

/**
 * Requests after a position, newest first. The API server lists by name only, so the names and
 * times of all matching requests are read. Throws SERVICE_UNAVAILABLE for more than 20,000.
 */
export async function listRequests(
  parts: SinkParts,
  filter: RequestFilter,
): Promise<RemediationRequest[]> {
  const names = (await newest(parts, filter)).map(({ name }) => name);
  const found: RemediationRequest[] = [];
  while (names.length > 0) {
    const some = names.splice(0, lanes).map((name) => parts.requests.get(name));
    for (const one of await Promise.all(some)) {
      if (one !== undefined) found.push(remediationRequest(one));
    }
  }
  return found;
}

async function newest({ requests }: SinkParts, filter: RequestFilter): Promise<RequestPosition[]> {
  const { phase, signalName, after, limit } = filter;
  const fieldSelector = [
    ...(phase === undefined ? [] : [fieldEquals('status.overallPhase', phase)]),
    ...(signalName === undefined ? [] : [fieldEquals('spec.signalName', signalName)]),
  ].join(',');
  let first: RequestPosition[] = [];
  let continueAt: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { items, metadata } = await requests.list({
      limit: pageLength,
      continueAt,
      ...(fieldSelector === '' ? {} : { fieldSelector }),
    });
    const positions = items.map(({ metadata: one }) => ({
      name: one.name,
      receivedAt: receivedAt(one),
    }));
    const wanted = positions.filter((one) => after === undefined || byNewest(after, one) < 0);
    first = [...first, ...wanted].sort(byNewest).slice(0, limit);
    continueAt = metadata.continue || undefined;
    if (continueAt === undefined) return first;
  }
  const max = pageLength * maxPages;
  throw new ApiError(
    'SERVICE_UNAVAILABLE',
    `More than ${max} remediation requests match; filter by alertname or by status=Pending.`,
  );
}

function byNewest(one: RequestPosition, other: RequestPosition): number {
  const later = other.receivedAt.getTime() - one.receivedAt.getTime();
  if (later !== 0 || one.name === other.name) return later;
  return one.name < other.name ? 1 : -1;
}
