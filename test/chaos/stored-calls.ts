import type { Database } from '@secureconnect/postgres';
import { eventually, textField } from '@secureconnect/testkit';
import { openTestDatabase } from '../support/test-database.ts';
import type { History, SeenCall, StoredPart } from './history.ts';
import type { Account } from './users/account.ts';

/** A call rings for 30 s, and the sweep that ends it looks every second. */
const maxRingMs = 40_000;
/** Abandoned calls are ended every five seconds, by instances that have run for half a minute. */
const maxAbandonedMs = 60_000;

/**
 * Waits until every call is over. Some were answered and then left without a word: video ends these
 * once nobody has been in them for two minutes, which are made to have passed.
 */
export async function untilCallsAreOver(databaseUrl: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  stack.defer(() => database.close());
  try {
    await untilNone(database, 'ringing', maxRingMs);
    await database.execute(
      "UPDATE video.calls SET heard_at = now() - interval '3 minutes' WHERE status = 'active'",
    );
    await untilNone(database, 'active', maxAbandonedMs);
  } catch {
    // The calls are read as they are; the invariant judges them.
  }
}

async function untilNone(database: Database, status: string, timeoutMs: number): Promise<void> {
  const none = async (): Promise<void> => {
    const sql = 'SELECT call_id FROM video.calls WHERE status = $1 LIMIT 1';
    const [left] = await database.query(sql, [status]);
    if (left !== undefined) throw new Error(`a call is ${status}`);
  };
  await eventually(none, { timeoutMs, intervalMs: 200 });
}

/** Notes every call with its participants, as SQL has them. */
export async function readCalls(databaseUrl: string, history: History): Promise<void> {
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  try {
    const rows = await database.query<StoredRow>(
      `SELECT call_id, user_id, status, state, (
         SELECT count(*)::int FROM video.call_notices AS told
         WHERE told.call_id = calls.call_id AND told.user_id = part.user_id
           AND type = 'call_ended') AS ends
       FROM video.calls JOIN video.call_participants AS part USING (call_id)`,
    );
    history.parts.push(...rows.map(toPart));
  } finally {
    await database.close();
  }
}

/** Notes the history of calls of each of these users, as the API gives it. */
export async function readCallHistories(
  history: History,
  callers: readonly Account[],
): Promise<void> {
  for (const account of callers) {
    history.callHistories.set(account.userId, await callHistory(account));
  }
}

async function callHistory(account: Account): Promise<SeenCall[]> {
  const seen: SeenCall[] = [];
  let cursor = '';
  do {
    const token = await account.token();
    // At video's own port, where nobody's limit is spent.
    const { status, data } = await account.client.send('list calls', {
      ...{ path: `/v1/calls?limit=100${cursor}`, expected: [200], direct: true },
      ...(token === undefined ? {} : { token }),
    });
    if (status !== 200) throw new Error(`calls of ${account.username}: answered ${status}`);
    for (const call of data['calls'] as ListedCall[]) seen.push(toSeen(call, account.userId));
    const next = data['has_more'] === true ? textField(data, 'next_cursor') : '';
    cursor = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
  } while (cursor !== '');
  return seen;
}

interface ListedCall {
  readonly call_id: string;
  readonly status: string;
  readonly end_reason?: string;
  readonly participants: readonly { readonly user_id: string; readonly state: string }[];
}

function toSeen(
  { call_id, status, end_reason, participants }: ListedCall,
  userId: string,
): SeenCall {
  const own = participants.find((participant) => participant.user_id === userId);
  return { callId: call_id, status, endReason: end_reason, state: own?.state };
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
