import type { Change } from './custom-objects.ts';
import { isPending, joinedAnnotation, type RequestObject } from './request-object.ts';
import type { SignalClaim } from './signal-claim.ts';
import type { SinkParts } from './sink-parts.ts';
import { timeText } from './time-text.ts';

/** Resources that a storm lists, at most; the definition of the object says so too. */
const mostResources = 1000;
/** An object in etcd may have 1.5 MiB, and each change of it is sent whole. */
const mostResourceBytes = 256 * 1024;

/** Counts one more delivery of a signal; false where its request is not pending any more. */
export function countDelivery(
  parts: SinkParts,
  request: RequestObject,
  { firingAt, at }: { readonly firingAt: Date; readonly at: Date },
): Promise<boolean> {
  return changePending(parts, request, ({ spec: { deduplication, firingTime } }) => {
    const lastSeen = laterOf(deduplication.lastSeen, at);
    const occurrenceCount = deduplication.occurrenceCount + 1;
    const counted = { isDuplicate: true, lastSeen, occurrenceCount };
    return { spec: { deduplication: counted, firingTime: laterOf(firingTime, firingAt) } };
  });
}

/** Notes that a signal of a storm has begun anew; false where it has left the storm. */
export function noteFiring(
  { claims, settled }: SinkParts,
  claim: SignalClaim,
  firingAt: Date,
): Promise<boolean> {
  const { requestName } = claim.spec;
  let current: SignalClaim | undefined = claim;
  return settled(async () => {
    if (current?.spec.membership !== 'Open' || current.spec.requestName !== requestName)
      return false;
    const firingTime = laterOf(current.spec.firingTime, firingAt);
    if (firingTime === current.spec.firingTime) return true;
    if ((await claims.patch(current, { spec: { firingTime } })) !== undefined) return true;
    current = await claims.get(claim.metadata.name);
    return undefined;
  });
}

function laterOf(text: string, date: Date): string {
  return Date.parse(text) >= date.getTime() ? text : timeText(date);
}

/**
 * Lists a signal in the request of the storm that it has just been claimed for; false where the storm
 * is over. Always changes the request, so that nobody who has read it before can close it.
 */
export function join(
  parts: SinkParts,
  request: RequestObject,
  claim: SignalClaim,
): Promise<boolean> {
  const annotations = { [joinedAnnotation]: claim.metadata.resourceVersion };
  return changePending(parts, request, (current) => {
    const resources = withResource(current, claim.spec.resource, true);
    return { metadata: { annotations }, ...resources };
  });
}

/** Lists a signal of a storm where who claimed it was cut off; false where the storm is over. */
export function ensureListed(
  parts: SinkParts,
  request: RequestObject,
  claim: SignalClaim,
): Promise<boolean> {
  return changePending(parts, request, (current) =>
    withResource(current, claim.spec.resource, false),
  );
}

function withResource({ spec }: RequestObject, resource: string, isNew: boolean) {
  const listed = spec.affectedResources ?? [];
  if (listed.includes(resource)) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify([...listed, resource]));
  const isFull = listed.length >= mostResources || bytes > mostResourceBytes;
  // Whether one was counted that there was no room for cannot be told afterwards.
  if (isFull && !isNew) return undefined;
  const affectedResources = isFull ? listed : [...listed, resource];
  return { spec: { affectedResources, stormAlertCount: (spec.stormAlertCount ?? 0) + 1 } };
}

/** What becomes of a pending request; undefined: it is as it should be. */
type Changing = (current: RequestObject) => Change | undefined;

/** @param request as it was read last; it is read again where it has changed since */
async function changePending(
  { requests, inTurn, settled }: SinkParts,
  request: RequestObject,
  change: Changing,
): Promise<boolean> {
  const { name } = request.metadata;
  let current: RequestObject | undefined = request;
  return inTurn.run(name, () =>
    settled(async () => {
      if (current === undefined || !isPending(current)) return false;
      const changed = change(current);
      if (changed === undefined) return true;
      if ((await requests.patch(current, changed)) !== undefined) return true;
      current = await requests.get(name);
      return undefined;
    }),
  );
}
