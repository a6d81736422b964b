import { openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import type { History, StoredPart } from './history.ts';

/** A call rings for 30 s, and whoever ends that looks every second. */
const longestRingMs = 40_000;

/** Notes every call with its participants, once none rings, or when one has rung too long. */
export async function readCalls(databaseUrl: string, history: History): Promise<void> {
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  try {
    const read = async (): Promise<void> => {
      const rows = await database.query<StoredRow>(
        `SELECT call_id, user_id, status, state, (
           SELECT count(*)::int FROM video.call_notices AS told
           WHERE told.call_id = calls.call_id AND told.user_id = part.user_id
             AND type = 'call_ended') AS ends
         FROM video.calls JOIN video.call_participants AS part USING (call_id)`,
      );
      history.parts.splice(0, Number.POSITIVE_INFINITY, ...rows.map(toPart));
      if (rows.some(({ status }) => status === 'ringing')) throw new Error('a call rings');
    };
    await eventually(read, { timeoutMs: longestRingMs, intervalMs: 200 });
  } catch {
    // The calls are on record as they are; the invariant judges them.
  } finally {
    await database.close();
  }
}

interface StoredRow {
  call_id: string;
  user_id: string;
  status: string;
  state: string;
  ends: number;
}

function toPart({ call_id: callId, user_id: userId, ...rest }: StoredRow): StoredPart {
  return { callId, userId, ...rest };
}
