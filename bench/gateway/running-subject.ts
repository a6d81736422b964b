/** What a subject's process has used. */
export interface Usage {
  /** Processor time so far. */
  readonly cpuMicroseconds: number;
  /** Memory at present. */
  readonly memoryBytes: number;
}

/** A subject in a process of its own. */
export interface RunningSubject extends AsyncDisposable {
  readonly url: string;
  usage(): Promise<Usage>;
}
