import { randomUUID } from 'node:crypto';
import type { SignalReply } from '@secureconnect/contracts';
import { DegradedRefusal } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';
import type { SignalMetrics } from './metrics.ts';
import type { Deduplication } from './redis/deduplication.ts';
import type { Sighting, Storms, StormWindow } from './redis/storms.ts';
import { reserve } from './reserve.ts';
import { resourceText, type Signal } from './signal.ts';
import { signalReply } from './signal-reply.ts';
import type { Draft, Placed, RemediationSink } from './sink.ts';
import type { JudgeSignal } from './triage.ts';

/** The ports of the ingest's rows; each fails closed. */
export interface SignalPorts {
  readonly deduplication: Deduplication;
  readonly storms: Storms;
  readonly remediationRequests: RemediationSink;
}

/** The dependencies for processing signals, in addition to the ports. */
export interface Taking {
  readonly judge: JudgeSignal;
  readonly metrics: SignalMetrics;
}

/** A request, whose log is created when it is read. */
export interface LoggedRequest {
  readonly log: Logger;
}

/**
 * Processes one signal: a firing signal then has exactly one active request, a resolved one has
 * none. Throws after a passing failure; a retry is always safe.
 */
export async function takeSignal(
  signal: Signal,
  ports: SignalPorts,
  taking: Taking,
  request: LoggedRequest,
): Promise<SignalReply> {
  taking.metrics.received.inc();
  const draft = { signal, triage: taking.judge(signal), receivedAt: new Date() };
  if (signal.status === 'resolved') return takeResolved(draft, ports, taking);
  // First, as most deliveries repeat a signal, whose request only SQL knows for certain.
  const known = await repeat(draft, ports, taking);
  const placed = known ?? (await placeReserved(draft, ports, taking, request));
  if (known !== undefined) void remember(known, signal.fingerprint, { ports, taking, request });
  if (placed.outcome === 'created') taking.metrics.created.inc();
  if (placed.outcome === 'duplicate') taking.metrics.deduplicated.inc();
  return signalReply(signal, draft.triage, statusOf(placed), placed);
}

function repeat(
  { signal, receivedAt }: Draft,
  { remediationRequests }: SignalPorts,
  taking: Taking,
): Promise<Placed | undefined> {
  return stored(taking, () => remediationRequests.repeat(signal, receivedAt));
}

/** Finds or creates the request of a firing signal that had none, while nobody else does. */
async function placeReserved(
  draft: Draft,
  ports: SignalPorts,
  taking: Taking,
  request: LoggedRequest,
): Promise<Placed> {
  const { deduplication, storms } = ports;
  const { fingerprint } = draft.signal;
  const sighting = sightingOf(draft.signal);
  const [token, newWindowId] = [randomUUID(), randomUUID()];
  const claim = { fingerprint, token, sighting, newWindowId };
  const { knownName, storm } = await reserve(deduplication, claim);
  // A different delivery has placed it meanwhile; but if its request is closed, the signal is new.
  const repeatOrPlace = async (): Promise<Placed> =>
    (await repeat(draft, ports, taking)) ??
    place(draft, await storms.note(sighting, newWindowId), ports, taking);
  let placed: Placed;
  try {
    placed = await (knownName === undefined ? place(draft, storm, ports, taking) : repeatOrPlace());
  } catch (error) {
    void settle(request, () => deduplication.release(fingerprint, token));
    throw error;
  }
  void settle(request, () => deduplication.commit(fingerprint, token, placed.name));
  if (placed.outcome === 'duplicate') notePrevented(placed, knownName, taking);
  return placed;
}

/** Gives a signal a request of its own, or a place in that of its storm. */
function place(
  draft: Draft,
  storm: StormWindow | undefined,
  { remediationRequests }: SignalPorts,
  taking: Taking,
): Promise<Placed> {
  if (storm?.isNew === true) taking.metrics.storms.inc();
  return stored(taking, () =>
    storm === undefined
      ? remediationRequests.open(draft)
      : remediationRequests.aggregate(draft, storm),
  );
}

function sightingOf(signal: Signal): Sighting {
  return {
    signalName: signal.name,
    occurrence: `${signal.fingerprint} ${signal.occurrence}`,
    resource: resourceText(signal),
  };
}

async function takeResolved(
  { signal, triage, receivedAt }: Draft,
  { deduplication, remediationRequests }: SignalPorts,
  taking: Taking,
): Promise<SignalReply> {
  // Before the store: if Redis fails here, there is no effect yet.
  await deduplication.forget(signal.fingerprint);
  // If the sender's clock is wrong, the end may precede the start.
  const endedMs = Math.max(signal.endedAt?.getTime() ?? 0, signal.firingAt.getTime());
  const closed = await stored(taking, () =>
    remediationRequests.close(signal.fingerprint, new Date(endedMs), receivedAt),
  );
  const status = closed === undefined ? 'not_active' : 'resolved';
  return signalReply(signal, triage, status, closed);
}

async function stored<Result>({ metrics }: Taking, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    metrics.creationErrors.inc();
    throw error;
  }
}

/**
 * Tells Redis how a signal ended; never throws. The reply does not wait for it, because what follows
 * on the connection is done after it. If Redis fails, a reservation expires; the next delivery finds
 * the stored request.
 */
async function settle(request: LoggedRequest, end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    if (!(error instanceof DegradedRefusal)) {
      request.log.error({ err: error }, 'Redis not told of a signal');
      return;
    }
    request.log.warn('Redis failed after a signal was stored; what it knows of it will expire');
  }
}

/**
 * The first signal of a storm creates its request, and its reply says that it is part of a storm.
 */
function statusOf({ outcome, storm }: Placed): Placed['outcome'] {
  return outcome === 'created' && storm !== undefined ? 'aggregated' : outcome;
}

/** Tells Redis the request of a repeated signal; never throws. The reply does not wait for it. */
async function remember(
  known: Placed,
  fingerprint: string,
  { ports, taking, request }: { ports: SignalPorts; taking: Taking; request: LoggedRequest },
): Promise<void> {
  await settle(request, async () => {
    notePrevented(known, await ports.deduplication.remember(fingerprint, known.name), taking);
  });
}

/** Counts a signal whose request Redis did not know. */
function notePrevented(placed: Placed, knownName: string | undefined, { metrics }: Taking): void {
  if (knownName !== placed.name) metrics.duplicatesPrevented.inc();
}
