/**
 * Repeats a statement that takes a limited number of rows, as one for all of them could exceed its
 * time and would block others: until it finds fewer rows than its limit, or has run `maxTimes`.
 * @param maxRows the limit of the statement
 * @param run runs it; returns the number of rows that it took
 * @returns the number of rows of all runs
 */
export async function repeatWhileFull(
  maxRows: number,
  run: () => Promise<number>,
  maxTimes = Number.POSITIVE_INFINITY,
): Promise<number> {
  let total = 0;
  for (let times = 0; times < maxTimes; times += 1) {
    const rows = await run();
    total += rows;
    if (rows < maxRows) break;
  }
  return total;
}
