import { openTestDatabase } from '../support/test-database.ts';
import type { History, StoredRequest, StormMember } from './history.ts';

interface Stored {
  fingerprint: string;
  firing_time: Date;
  closed_at: Date | null;
}

/** Every remediation request that SQL has, and every member of a storm, past every gateway. */
export async function storedRequests(
  databaseUrl: string,
): Promise<Pick<History, 'requests' | 'stormMembers'>> {
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  try {
    const requests = await database.query<Stored & { name: string; is_storm: boolean }>(
      `SELECT signal_fingerprint AS fingerprint, name, firing_time, closed_at,
         storm_type IS NOT NULL AS is_storm
       FROM gateway.remediation_requests`,
    );
    const members = await database.query<Stored & { request_name: string }>(
      `SELECT signal_fingerprint AS fingerprint, request_name, firing_time, closed_at
       FROM gateway.storm_members`,
    );
    return {
      requests: requests.map(
        (row): StoredRequest => ({ ...common(row), name: row.name, isStorm: row.is_storm }),
      ),
      stormMembers: members.map(
        (row): StormMember => ({ ...common(row), requestName: row.request_name }),
      ),
    };
  } finally {
    await database.close();
  }
}

function common({ fingerprint, firing_time, closed_at }: Stored) {
  return { fingerprint, firingTime: firing_time.toISOString(), isActive: closed_at === null };
}
