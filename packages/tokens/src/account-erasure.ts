import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';

/** The services that hold data of users, apart from auth, which holds the accounts. */
export const erasedParts = ['chat', 'video', 'storage'] as const;
export type ErasedPart = (typeof erasedParts)[number];

export interface ErasureOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly part: ErasedPart;
  /**
   * Erases what this service has of a user. Idempotent; resumed by any instance after a crash.
   * Rejects if something could not be erased: it is called again.
   */
  readonly erase: (userId: string) => Promise<void>;
}

const intervalMs = 3000;
/** Maximum accounts per turn; the oldest first. */
const maxPerTurn = 20;

/**
 * Erases users whose deletion auth has begun, and notes in auth's table when this part is done
 * (docs/adr/0026). Requests that were under way when the user's tokens were revoked may still write,
 * so only a pass that began after they have ended counts. Returns what stops it.
 */
export function startErasing(options: ErasureOptions): () => Promise<void> {
  const { part, log } = options;
  const run = (): Promise<void> => eraseDue(options);
  return repeatEvery({ intervalMs, what: `erasing deleted accounts (${part})`, log, run });
}

async function eraseDue({ database, part, erase }: ErasureOptions): Promise<void> {
  const due = await database.query<{ user_id: string; is_settled: boolean }>(
    `SELECT user_id, is_settled FROM auth.accounts_to_erase AS account
     WHERE NOT EXISTS (SELECT 1 FROM auth.erased_parts AS done
       WHERE done.user_id = account.user_id AND done.part = $1)
     ORDER BY started_at LIMIT $2`,
    [part, maxPerTurn],
  );
  const failures: unknown[] = [];
  for (const { user_id: userId, is_settled: isSettled } of due) {
    try {
      await erase(userId);
      if (isSettled) await noteErased(database, userId, part);
    } catch (error) {
      // The others are erased nevertheless.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** One of the two tables of auth that other services write to; only auth deletes its rows. */
async function noteErased(database: Database, userId: string, part: ErasedPart): Promise<void> {
  await database.execute(
    `INSERT INTO auth.erased_parts (user_id, part)
     SELECT user_id, $2 FROM auth.accounts_to_erase WHERE user_id = $1
     ON CONFLICT (user_id, part) DO NOTHING`,
    [userId, part],
  );
}
