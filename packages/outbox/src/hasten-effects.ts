import type { Sql } from '@secureconnect/postgres';
import { outboxTable } from './table.ts';

/** Makes effects due now that were written with a delay and that nobody has claimed. */
export async function hastenEffects(
  sql: Sql,
  schema: string,
  effectIds: readonly string[],
): Promise<void> {
  await sql.execute(
    `UPDATE ${outboxTable(schema)} SET due_at = now()
     WHERE effect_id = ANY($1::uuid[]) AND state = 'pending' AND lease_id IS NULL AND tries = 0
       AND due_at > now()`,
    [effectIds],
  );
}
