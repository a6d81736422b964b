/** A subject in a process of its own. */
export interface RunningSubject extends AsyncDisposable {
  readonly url: string;
  /** Processor time that its process has used so far. */
  cpuMicroseconds(): Promise<number>;
}
