import type { Sql } from '@secureconnect/postgres';
import { type Draft, fallbackNamespace, type StormRef } from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';

/** A request to create, under a unique name. */
export interface NewRequest {
  readonly name: string;
  readonly fingerprint: string;
  readonly draft: Draft;
  readonly storm: StormRef | undefined;
  readonly previousName: string | undefined;
}

/**
 * Creates requests in one statement; those whose fingerprint has an active one, or whose signal is
 * in an active storm, are left out. A unique index decides between concurrent creations. Returns
 * the created ones by fingerprint.
 */
export async function insertRequests(
  sql: Sql,
  requests: readonly NewRequest[],
): Promise<ReadonlyMap<string, FoundRequest>> {
  if (requests.length === 0) return new Map();
  const drafts = requests.map(({ draft }) => draft);
  const signals = drafts.map(({ signal }) => signal);
  const rows = await sql.query<FoundRequest & { fingerprint: string }>(
    `INSERT INTO gateway.remediation_requests AS r
       (name, namespace, signal_fingerprint, signal_name, severity, environment, priority,
        remediation_path, signal_type, signal_source, target_type, firing_time, received_time,
        last_seen, storm_type, storm_window, signal_labels, signal_annotations, provider_data,
        original_payload, previous_request, cut_fields)
     SELECT new.name, new.namespace, new.fingerprint, new.signal_name, new.severity,
       new.environment, new.priority, new.path, new.type, new.source, 'kubernetes',
       new.firing_time, new.at, new.at, new.storm_type, new.storm_window, new.labels::jsonb,
       new.annotations::jsonb, new.provider_data::jsonb, new.payload, new.previous,
       new.cut_fields::jsonb
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[],
       $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
       AS new (name, namespace, fingerprint, signal_name, severity, environment, priority, path,
         type, source, firing_time, at, storm_type, storm_window, labels, annotations,
         provider_data, payload, previous, cut_fields)
     WHERE NOT EXISTS (
       SELECT 1 FROM gateway.storm_members AS m WHERE m.signal_fingerprint = ANY($3::text[])
         AND m.closed_at IS NULL AND m.signal_fingerprint = new.fingerprint)
     ON CONFLICT (signal_fingerprint) WHERE closed_at IS NULL DO NOTHING
     RETURNING r.signal_fingerprint AS fingerprint, ${foundColumns}`,
    [
      requests.map(({ name }) => name),
      signals.map(({ namespace }) => namespace ?? fallbackNamespace),
      requests.map(({ fingerprint }) => fingerprint),
      signals.map(({ name }) => name),
      signals.map(({ severity }) => severity),
      drafts.map(({ triage }) => triage.environment),
      drafts.map(({ triage }) => triage.priority),
      drafts.map(({ triage }) => triage.remediationPath),
      signals.map(({ type }) => type),
      signals.map(({ source }) => source),
      signals.map(({ firingAt }) => firingAt),
      drafts.map(({ receivedAt }) => receivedAt),
      requests.map(({ storm }) => storm?.type ?? null),
      requests.map(({ storm }) => storm?.id ?? null),
      signals.map(({ labels }) => JSON.stringify(labels)),
      signals.map(({ annotations }) => JSON.stringify(annotations)),
      signals.map(({ providerData }) => JSON.stringify(providerData)),
      signals.map(({ originalPayload }) => originalPayload),
      requests.map(({ previousName }) => previousName ?? null),
      signals.map(({ cutFields }) => JSON.stringify(cutFields)),
    ],
  );
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** The names of the last requests of fingerprints that have any, by fingerprint. */
export async function previousNames(
  sql: Sql,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ fingerprint: string; name: string | null }>(
    `SELECT asked.fingerprint, (
       SELECT r.name FROM gateway.remediation_requests AS r
       WHERE r.signal_fingerprint = asked.fingerprint ORDER BY r.received_time DESC LIMIT 1) AS name
     FROM unnest($1::text[]) AS asked (fingerprint)`,
    [fingerprints],
  );
  return new Map(
    rows.flatMap(({ fingerprint, name }) => (name === null ? [] : [[fingerprint, name]])),
  );
}
