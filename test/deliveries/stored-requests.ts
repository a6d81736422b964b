import { openTestDatabase } from '../support/test-database.ts';

/** What SQL has of the run, past every gateway. */
export interface StoredRequests {
  /** Active requests. */
  readonly active: number;
  /** Fingerprints that have an active request. */
  readonly fingerprints: number;
  /** All requests that were ever made. */
  readonly made: number;
}

export async function storedRequests(url: string): Promise<StoredRequests> {
  const database = openTestDatabase(url, { maxConnections: 1 });
  try {
    const [row] = await database.query<Record<keyof StoredRequests, string>>(
      `SELECT count(*) AS made, count(*) FILTER (WHERE closed_at IS NULL) AS active,
         count(DISTINCT signal_fingerprint) FILTER (WHERE closed_at IS NULL) AS fingerprints
       FROM gateway.remediation_requests`,
    );
    if (row === undefined) throw new Error('SQL counts nothing');
    return {
      active: Number(row.active),
      fingerprints: Number(row.fingerprints),
      made: Number(row.made),
    };
  } finally {
    await database.close();
  }
}
