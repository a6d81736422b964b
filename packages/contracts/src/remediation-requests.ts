import { z } from 'zod';
import { Labels } from './alerts.ts';
import { Cursor, Limit } from './page.ts';
import { Timestamp, text } from './primitives.ts';

/** The environment of a signal, if known. */
export const Environment = z.enum(['prod', 'staging', 'dev', 'unknown']);
export type Environment = z.infer<typeof Environment>;

/** `P0` is the most urgent. */
export const Priority = z.enum(['P0', 'P1', 'P2', 'P3']);
export type Priority = z.infer<typeof Priority>;

/** How aggressively a signal may be remediated. */
export const RemediationPath = z.enum(['aggressive', 'moderate', 'conservative', 'manual']);
export type RemediationPath = z.infer<typeof RemediationPath>;

/** `rate`: many alerts of one name in a minute; `pattern`: one name on many resources. */
export const StormType = z.enum(['rate', 'pattern']);
export type StormType = z.infer<typeof StormType>;

/** `Pending` once created; `Resolved` when its alert no longer fires. */
export const OverallPhase = z.enum(['Pending', 'Resolved']);
export type OverallPhase = z.infer<typeof OverallPhase>;

/** Identifies a signal: a hash of its name and of its resource. */
export const Fingerprint = z
  .string()
  .meta({ examples: ['5e2f71d804ab3f0c9a528d1e4b7a9c365e2f71d804ab3f0c9a528d1e4b7a9c36'] });

/** What remedies a signal; there is one for each signal that is active. */
export const RemediationRequest = z
  .object({
    name: z.string().meta({ examples: ['rr-5e2f71d804ab3f0c-1'] }),
    namespace: z.string().meta({ examples: ['shop'] }),
    signalFingerprint: Fingerprint,
    signalName: z.string().meta({ examples: ['PodCrashLooping'] }),
    severity: z.string().meta({ examples: ['critical'] }),
    environment: Environment,
    priority: Priority,
    remediationPath: RemediationPath,
    signalType: z.enum(['prometheus-alert', 'kubernetes-event']),
    signalSource: z.string().meta({ examples: ['prometheus'] }),
    targetType: z.literal('kubernetes'),
    /** When the signal last began to fire, according to its sender. */
    firingTime: Timestamp,
    receivedTime: Timestamp,
    deduplication: z.object({
      isDuplicate: z.boolean(),
      firstSeen: Timestamp,
      lastSeen: Timestamp,
      /** Counted at least once: a repeated delivery may count twice. */
      occurrenceCount: z
        .int()
        .min(1)
        .meta({ examples: [1] }),
      /** The request of the last time that the signal fired. */
      previousRemediationRequestRef: z.string().exactOptional(),
    }),
    isStorm: z.boolean(),
    stormType: StormType.exactOptional(),
    stormWindow: z.string().exactOptional(),
    stormAlertCount: z.int().min(1).exactOptional(),
    /** `namespace:Kind:name` of each resource of a storm. */
    affectedResources: z.array(z.string()).exactOptional(),
    signalLabels: Labels,
    signalAnnotations: Labels,
    providerData: z.record(z.string(), z.string()),
    /** The JSON that arrived. */
    originalPayload: z.string().meta({ examples: ['{"status":"firing"}'] }),
    /** Fields of which something was cut to be stored: `signalAnnotations.summary`. */
    cutFields: z.array(z.string()).exactOptional(),
    status: z.object({ overallPhase: OverallPhase, closedTime: Timestamp.exactOptional() }),
  })
  .meta({ id: 'RemediationRequest' });
export type RemediationRequest = z.infer<typeof RemediationRequest>;

/** Query of `GET /api/v1/remediation-requests`. */
export const RemediationRequestsQuery = z.object({
  status: OverallPhase.exactOptional(),
  alertname: text(1, 8192).exactOptional(),
  cursor: Cursor,
  limit: Limit,
});
export type RemediationRequestsQuery = z.infer<typeof RemediationRequestsQuery>;

/** Reply of `GET /api/v1/remediation-requests`, newest first; `next_cursor` is null at the end. */
export const RemediationRequestPage = z.object({
  items: z.array(RemediationRequest),
  next_cursor: z.string().nullable(),
});
export type RemediationRequestPage = z.infer<typeof RemediationRequestPage>;
