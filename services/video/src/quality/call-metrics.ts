import { CallEndReason, CandidateType, type QualitySummary } from '@secureconnect/contracts';
import { counter, gauge, histogram, type ServiceMetrics } from '@secureconnect/service';

export interface CallMetrics {
  /** A call has ended for this reason. */
  ended(reason: CallEndReason): void;
  /** The current numbers of calls; undefined if they cannot be read: old ones would be wrong. */
  showLive(counts: Readonly<Record<'ringing' | 'active', number>> | undefined): void;
  /** A report on a connection replaces an earlier one. */
  reported(before: QualitySummary | undefined, after: QualitySummary): void;
}

/** A call is set up within a second or two; ICE gives up after 30 s. */
const setupBuckets = [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 12, 20, 30];

/** Measures calls: what SQL says of them, and what their participants report. */
export function createCallMetrics(metrics: ServiceMetrics): CallMetrics {
  const ended = counter(metrics, {
    name: 'video_calls_ended_total',
    help: 'Calls that ended, by reason; each is counted by one instance',
    labelNames: ['reason'],
  });
  for (const reason of CallEndReason.options) ended.inc({ reason }, 0);
  const live = gauge(metrics, {
    name: 'video_calls_live',
    help: 'Calls that ring or are active, over all instances',
    labelNames: ['status'],
  });
  const setupSeconds = histogram(metrics, {
    name: 'video_call_setup_seconds',
    help: 'Time from the answer of a call to the first media of a peer, as participants report',
    buckets: setupBuckets,
  });
  const connections = counter(metrics, {
    name: 'video_call_connections_total',
    help: 'Connections with media, by candidate type (relay: at either end), as participants report',
    labelNames: ['candidate_type'],
  });
  for (const type of candidateTypes) connections.inc({ candidate_type: type }, 0);
  const failures = counter(metrics, {
    name: 'video_call_connection_failures_total',
    help: 'Connections that failed before their first media (setup) or lost it (media), as reported',
    labelNames: ['stage'],
  });
  for (const stage of ['setup', 'media'] as const) failures.inc({ stage }, 0);
  return {
    ended: (reason) => ended.inc({ reason }),
    showLive(counts) {
      live.reset();
      for (const [status, calls] of Object.entries(counts ?? {})) live.set({ status }, calls);
    },
    reported(before, after) {
      if (after.setup_ms !== undefined && before?.setup_ms === undefined) {
        setupSeconds.observe(after.setup_ms / 1000);
        connections.inc({ candidate_type: candidateTypeOf(after) });
      }
      if (isSetupFailed(after) && !isSetupFailed(before)) failures.inc({ stage: 'setup' });
      if (after.media_lost && before?.media_lost !== true) failures.inc({ stage: 'media' });
    },
  };
}

const candidateTypes = [...CandidateType.options, 'unknown'] as const;

function candidateTypeOf(summary: QualitySummary): (typeof candidateTypes)[number] {
  const { local_candidate_type: local = 'unknown', remote_candidate_type: remote } = summary;
  return remote === 'relay' ? remote : local;
}

function isSetupFailed(summary: QualitySummary | undefined): boolean {
  return summary?.state === 'failed' && summary.setup_ms === undefined;
}
