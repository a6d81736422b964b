/** A file of the repository whose text is derived from the source. */
export interface Generator {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** The whole text that the file must have. */
  render(): Promise<string>;
}
