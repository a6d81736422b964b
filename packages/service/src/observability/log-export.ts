/** What became of a line of the log that was to be exported. */
export const lineOutcomes = ['exported', 'failed', 'dropped'] as const;
export type LineOutcome = (typeof lineOutcomes)[number];

/** Sends the lines of the log of this process to a receiver, in addition to standard output. */
export interface LogExport {
  /** Takes a line, as it is written; never waits and never throws. */
  write(line: string): void;
  /**
   * The number of lines so far: taken by the receiver, refused or lost on the way, or never sent
   * because too many waited.
   */
  counts(): Readonly<Record<LineOutcome, number>>;
  /** Exports what is left, within two seconds. Never rejects. */
  stop(): Promise<void>;
}

let active: LogExport | undefined;

/** The export of the log of this process; undefined while it is off. */
export function activeLogExport(): LogExport | undefined {
  return active;
}

/** Sets the export of the log of this process. */
export function setLogExport(logExport: LogExport | undefined): void {
  active = logExport;
}
