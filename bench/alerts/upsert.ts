import type { Sql } from '@secureconnect/postgres';
import { requestName } from '../../services/gateway/src/signals/fingerprint.ts';
import type { Signal } from '../../services/gateway/src/signals/signal.ts';

/** One statement for a new alert and for a repeated one, which is all that its peer does. */
const statement = `INSERT INTO gateway.remediation_requests AS r
    (name, namespace, signal_fingerprint, signal_name, severity, environment, priority,
     remediation_path, signal_type, signal_source, target_type, firing_time, received_time,
     last_seen, signal_labels, signal_annotations, provider_data, original_payload)
  VALUES ($1, $2, $3, $4, $5, 'unknown', 'P1', 'conservative', $6, $7, 'kubernetes', $8, $9, $9,
    $10::jsonb, $11::jsonb, $12::jsonb, $13)
  ON CONFLICT (signal_fingerprint) WHERE closed_at IS NULL DO UPDATE SET
    last_seen = greatest(r.last_seen, excluded.last_seen),
    occurrence_count = r.occurrence_count + 1
  RETURNING r.name`;

/** Makes the request of an alert, or counts one more occurrence of it; says which, and its name. */
export async function upsert(sql: Sql, signal: Signal, id: string) {
  const name = requestName(signal.fingerprint, id);
  const [found] = await sql.query<{ name: string }>(statement, [
    name,
    signal.namespace ?? 'default',
    signal.fingerprint,
    signal.name,
    signal.severity,
    signal.type,
    signal.source,
    signal.firingAt,
    new Date(),
    JSON.stringify(signal.labels),
    JSON.stringify(signal.annotations),
    JSON.stringify(signal.providerData),
    signal.originalPayload,
  ]);
  const status = found?.name === name ? 'created' : 'duplicate';
  return { status, remediationRequestName: found?.name };
}
