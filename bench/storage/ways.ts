/** The ways to a store that are compared, in the order of the tables: each of ours after its peers. */
export const wayNames = [
  'directory, raw',
  'directory, bare HTTP',
  'directory, presigned',
  'S3, raw',
  'S3, presigned',
] as const;
export type WayName = (typeof wayNames)[number];

/** Where one object goes. */
export interface Target {
  /** Sends the bytes; this is measured. */
  put(bytes: Buffer): Promise<void>;
  /** Makes them ready to be read; this is not. */
  settle(): Promise<void>;
  /** Reads the object to its end; resolves to its size in bytes. This is measured. */
  get(): Promise<number>;
}

/** One way to a store. */
export interface Way {
  readonly name: WayName;
  /** The process that serves the bytes, if that is one of its own in Node. */
  readonly serverPid?: number;
  /** New places for so many objects of this size; this is not measured. */
  targets(count: number, sizeBytes: number): Promise<readonly Target[]>;
}
