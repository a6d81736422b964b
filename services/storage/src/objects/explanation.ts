import { type Explanations, explain } from '@secureconnect/service';

/**
 * One line about an error by the table's row of its code: `PLACE: the disk is full (ENOSPC). Free
 * space on it.` Undefined for errors without a row.
 */
export function explainStoreError(
  error: unknown,
  place: string,
  table: Explanations,
): string | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return undefined;
  }
  return explain(table, { code: error.code, place });
}
