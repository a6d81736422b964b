/** One line about a step that takes long, on standard error: standard output is for results. */
export function progress(line: string): void {
  process.stderr.write(`set-up: ${line}\n`);
}
