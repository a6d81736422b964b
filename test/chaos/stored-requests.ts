import { openDatabase } from '../../packages/postgres/src/index.ts';
import type { StoredRequest } from './history.ts';

/** Every remediation request that SQL has, past every gateway. */
export async function storedRequests(databaseUrl: string): Promise<StoredRequest[]> {
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  try {
    const rows = await database.query<{
      signal_fingerprint: string;
      name: string;
      firing_time: Date;
      closed_at: Date | null;
    }>('SELECT signal_fingerprint, name, firing_time, closed_at FROM gateway.remediation_requests');
    return rows.map((row) => ({
      fingerprint: row.signal_fingerprint,
      name: row.name,
      firingTime: row.firing_time.toISOString(),
      isActive: row.closed_at === null,
    }));
  } finally {
    await database.close();
  }
}
