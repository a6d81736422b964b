/** What an operator reads about an error of an object store: what went wrong, and what to do. */
export interface StoreExplanation {
  readonly problem: string;
  readonly remedy: string;
}

export type StoreExplanations = Readonly<Record<string, StoreExplanation>>;

/**
 * One line about an error by the table's row of its code: `PLACE: the disk is full (ENOSPC). Free
 * space on it.` Undefined for errors without a row.
 */
export function explainStoreError(
  error: unknown,
  place: string,
  table: StoreExplanations,
): string | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return undefined;
  }
  if (!Object.hasOwn(table, error.code)) return undefined;
  const { problem, remedy } = table[error.code] as StoreExplanation;
  return `${place}: ${problem} (${error.code}). ${remedy}`;
}
