import type { Change, CustomObjects } from './custom-objects.ts';
import type { ObjectMetadata } from './object-metadata.ts';
import { isPending, joinedAnnotation, type RequestObject } from './request-object.ts';
import type { SignalClaim } from './signal-claim.ts';
import type { SinkParts } from './sink-parts.ts';
import { timeText } from './time-text.ts';

/** The maximum of resources that a storm lists; the object's definition has the same limit. */
const maxResources = 1000;
/** An object in etcd may have 1.5 MiB, and each change sends the whole list. */
const maxResourceBytes = 256 * 1024;

/** Counts one more delivery of a signal; false if its request is no longer pending. */
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

/** Notes that a signal of a storm fires again; false if it has left the storm. */
export function noteFiring(
  { claims, settled }: SinkParts,
  claim: SignalClaim,
  firingAt: Date,
): Promise<boolean> {
  const { requestName } = claim.spec;
  return changed({ objects: claims, settled }, claim, ({ spec }) => {
    if (spec.membership !== 'Open' || spec.requestName !== requestName) return false;
    const firingTime = laterOf(spec.firingTime, firingAt);
    return firingTime === spec.firingTime ? true : { spec: { firingTime } };
  });
}

function laterOf(text: string, date: Date): string {
  return Date.parse(text) >= date.getTime() ? text : timeText(date);
}

/**
 * Lists a newly claimed signal in the request of its storm; false if the storm is over. It always
 * changes the request, so that no gateway that read it before can close it.
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

/**
 * Lists a signal of a storm whose claim was interrupted before that; false if the storm is over.
 */
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
  const isFull = listed.length >= maxResources || bytes > maxResourceBytes;
  // It is unknown whether a signal that did not fit was already counted.
  if (isFull && !isNew) return undefined;
  const affectedResources = isFull ? listed : [...listed, resource];
  return { spec: { affectedResources, stormAlertCount: (spec.stormAlertCount ?? 0) + 1 } };
}

/** The change of a pending request; undefined if none is needed. */
type Changing = (current: RequestObject) => Change | undefined;

/** @param request the last read state */
function changePending(
  { requests: objects, inTurn, settled }: SinkParts,
  request: RequestObject,
  change: Changing,
): Promise<boolean> {
  return inTurn.run(request.metadata.name, () =>
    changed({ objects, settled }, request, (current) =>
      isPending(current) ? (change(current) ?? true) : false,
    ),
  );
}

/**
 * Changes an object as `decide` says; true if no change is needed, false if no change is allowed
 * any more. If the object has changed or disappeared since it was read, `decide` is called again.
 */
function changed<Item extends { readonly metadata: ObjectMetadata }>(
  { objects, settled }: Pick<SinkParts, 'settled'> & { readonly objects: CustomObjects<Item> },
  item: Item,
  decide: (current: Item) => Change | boolean,
): Promise<boolean> {
  let current: Item | undefined = item;
  return settled(async () => {
    if (current === undefined) return false;
    const decision = decide(current);
    if (typeof decision === 'boolean') return decision;
    if ((await objects.patch(current, decision)) !== undefined) return true;
    current = await objects.get(item.metadata.name);
    return undefined;
  });
}
