import type {
  Environment,
  OverallPhase,
  Priority,
  RemediationPath,
  RemediationRequest,
  StormType,
} from '@secureconnect/contracts';

/** A row of gateway.remediation_requests, as `requestColumns` reads it. */
export interface RequestRow {
  name: string;
  namespace: string;
  signal_fingerprint: string;
  signal_name: string;
  severity: string;
  environment: Environment;
  priority: Priority;
  remediation_path: RemediationPath;
  signal_type: RemediationRequest['signalType'];
  signal_source: string;
  target_type: RemediationRequest['targetType'];
  firing_time: Date;
  received_time: Date;
  last_seen: Date;
  occurrence_count: string;
  previous_request: string | null;
  storm_type: StormType | null;
  storm_window: string | null;
  signal_labels: Record<string, string>;
  signal_annotations: Record<string, string>;
  provider_data: Record<string, string>;
  original_payload: string;
  cut_fields: string[];
  overall_phase: OverallPhase;
  closed_at: Date | null;
}

export const requestColumns = `name, namespace, signal_fingerprint, signal_name, severity,
  environment, priority, remediation_path, signal_type, signal_source, target_type, firing_time,
  received_time, last_seen, occurrence_count, previous_request, storm_type, storm_window,
  signal_labels, signal_annotations, provider_data, original_payload, cut_fields, overall_phase,
  closed_at`;

/** Converts a row for clients. `affected` are the resources of a storm. */
export function remediationRequest(
  row: RequestRow,
  affected: readonly string[],
): RemediationRequest {
  return {
    name: row.name,
    namespace: row.namespace,
    signalFingerprint: row.signal_fingerprint,
    signalName: row.signal_name,
    severity: row.severity,
    environment: row.environment,
    priority: row.priority,
    remediationPath: row.remediation_path,
    signalType: row.signal_type,
    signalSource: row.signal_source,
    targetType: row.target_type,
    firingTime: row.firing_time.toISOString(),
    receivedTime: row.received_time.toISOString(),
    deduplication: deduplicationOf(row),
    isStorm: row.storm_type !== null,
    ...stormOf(row, affected),
    signalLabels: row.signal_labels,
    signalAnnotations: row.signal_annotations,
    providerData: row.provider_data,
    originalPayload: row.original_payload,
    ...(row.cut_fields.length === 0 ? {} : { cutFields: row.cut_fields }),
    status: {
      overallPhase: row.overall_phase,
      ...(row.closed_at === null ? {} : { closedTime: row.closed_at.toISOString() }),
    },
  };
}

function deduplicationOf(row: RequestRow): RemediationRequest['deduplication'] {
  const occurrenceCount = Number(row.occurrence_count);
  return {
    isDuplicate: occurrenceCount > 1,
    firstSeen: row.received_time.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    occurrenceCount,
    ...(row.previous_request === null
      ? {}
      : { previousRemediationRequestRef: row.previous_request }),
  };
}

function stormOf(row: RequestRow, affected: readonly string[]): Partial<RemediationRequest> {
  if (row.storm_type === null || row.storm_window === null) return {};
  return {
    stormType: row.storm_type,
    stormWindow: row.storm_window,
    stormAlertCount: Math.max(1, affected.length),
    affectedResources: [...new Set(affected)],
  };
}
