import { randomUUID } from 'node:crypto';
import type { SignalReply } from '@secureconnect/contracts';
import { DegradedRefusal } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';
import type { SignalMetrics } from './metrics.ts';
import type { Deduplication } from './redis/deduplication.ts';
import type { Storms } from './redis/storms.ts';
import { reserve } from './reserve.ts';
import { resourceText, type Signal } from './signal.ts';
import { signalReply } from './signal-reply.ts';
import type { Draft, Placed, RemediationSink } from './sink.ts';
import type { JudgeSignal } from './triage.ts';

/** The ports of the ingest's rows; each fails closed. */
export interface SignalPorts {
  readonly deduplication: Deduplication;
  readonly storms: Storms;
}

/** The dependencies for processing signals, in addition to the ports. */
export interface Taking {
  readonly sink: RemediationSink;
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
  const { deduplication } = ports;
  const { fingerprint } = signal;
  const token = randomUUID();
  const { knownName } = await reserve(deduplication, fingerprint, token);
  let placed: Placed;
  try {
    placed = await place(draft, ports.storms, taking);
  } catch (error) {
    void settle(request, () => deduplication.release(fingerprint, token));
    throw error;
  }
  void settle(request, () => deduplication.commit(fingerprint, token, placed.name));
  note(placed, knownName, taking.metrics);
  return signalReply(signal, draft.triage, statusOf(placed), placed);
}

/** Finds or creates the request of a firing signal. */
async function place(draft: Draft, storms: Storms, taking: Taking): Promise<Placed> {
  const { signal, receivedAt } = draft;
  const known = await stored(taking, (sink) => sink.repeat(signal, receivedAt));
  if (known !== undefined) return known;
  const sighting = {
    signalName: signal.name,
    occurrence: `${signal.fingerprint} ${signal.occurrence}`,
    resource: resourceText(signal),
  };
  const storm = await storms.note(sighting, randomUUID());
  if (storm?.isNew === true) taking.metrics.storms.inc();
  return stored(taking, (sink) =>
    storm === undefined ? sink.open(draft) : sink.aggregate(draft, storm),
  );
}

async function takeResolved(
  { signal, triage, receivedAt }: Draft,
  { deduplication }: SignalPorts,
  taking: Taking,
): Promise<SignalReply> {
  // Before SQL: if Redis fails here, there is no effect yet.
  await deduplication.forget(signal.fingerprint);
  // If the sender's clock is wrong, the end may precede the start.
  const endedMs = Math.max(signal.endedAt?.getTime() ?? 0, signal.firingAt.getTime());
  const closed = await stored(taking, (sink) =>
    sink.close(signal.fingerprint, new Date(endedMs), receivedAt),
  );
  const status = closed === undefined ? 'not_active' : 'resolved';
  return signalReply(signal, triage, status, closed);
}

async function stored<Result>(
  { sink, metrics }: Taking,
  use: (sink: RemediationSink) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(sink);
  } catch (error) {
    metrics.creationErrors.inc();
    throw error;
  }
}

/**
 * Ends a reservation; never throws. The reply does not wait for it, because what follows on the
 * connection is done after it. If Redis fails, the reservation expires; the next delivery finds the
 * stored request.
 */
async function settle(request: LoggedRequest, end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    if (!(error instanceof DegradedRefusal)) {
      request.log.error({ err: error }, 'reservation not ended');
      return;
    }
    request.log.warn('Redis failed after a signal was stored; its reservation will expire');
  }
}

/**
 * The first signal of a storm creates its request, and its reply says that it is part of a storm.
 */
function statusOf({ outcome, storm }: Placed): Placed['outcome'] {
  return outcome === 'created' && storm !== undefined ? 'aggregated' : outcome;
}

function note(placed: Placed, knownName: string | undefined, metrics: SignalMetrics): void {
  if (placed.outcome === 'created') metrics.created.inc();
  if (placed.outcome !== 'duplicate') return;
  metrics.deduplicated.inc();
  if (knownName !== placed.name) metrics.duplicatesPrevented.inc();
}
