/** A file of the repository that is generated from the source. */
export interface Generator {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** The whole text of the file. */
  render(): Promise<string>;
}
