/** Prints a line about a slow step to standard error: standard output is for results. */
export function progress(line: string): void {
  process.stderr.write(`set-up: ${line}\n`);
}
