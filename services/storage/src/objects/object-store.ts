import type { Readable } from 'node:stream';

/** A body, chunk by chunk. Reading that stops early must not end the connection it comes from. */
export type Bytes = AsyncIterable<Uint8Array>;

/** What was stored. */
export interface WrittenObject {
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Bytes of an object, both ends included, counted from 0. */
export interface ByteRange {
  readonly firstByte: number;
  readonly lastByte: number;
}

/**
 * Where bytes are kept, under UUIDs that this service makes. An object is there whole or not at
 * all, and never changes. Each method throws ApiError SERVICE_UNAVAILABLE when the store is away.
 */
export interface ObjectStore {
  /**
   * Stores exactly `sizeBytes` bytes, durably, without holding them in memory. Throws SizeMismatch,
   * or what the source threw, and then nothing is stored.
   */
  write(objectId: string, bytes: Bytes, sizeBytes: number): Promise<WrittenObject>;
  /** The size in bytes, or undefined where there is no such object. */
  sizeOf(objectId: string): Promise<number | undefined>;
  /** The bytes as a stream, or undefined where there is no such object. */
  read(objectId: string, range: ByteRange): Promise<Readable | undefined>;
  /** Removes the object and whatever a broken `write` left of it. No such object is no error. */
  remove(objectId: string): Promise<void>;
  /** Resolves when objects can be written and read. */
  check(): Promise<void>;
}

/** There were more or fewer bytes than announced. */
export class SizeMismatch extends Error {
  override readonly name = 'SizeMismatch';
  readonly found: 'longer' | 'shorter';

  constructor(found: 'longer' | 'shorter', sizeBytes: number) {
    super(`the body is ${found} than ${sizeBytes} bytes`);
    this.found = found;
  }
}
