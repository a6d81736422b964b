import type { Readable } from 'node:stream';

/** A body in chunks. Reading that stops early must not end the connection. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A stored object. */
export interface WrittenObject {
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A range of an object, from 0, both ends included. */
export interface ByteRange {
  readonly firstByte: number;
  readonly lastByte: number;
}

/** An object in a listing. */
export interface ListedObject {
  /** Undefined for an object that this service did not create. */
  readonly objectId: string | undefined;
  /** The name in the store. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly changedAt: Date;
}

/**
 * Stores objects under UUIDs that this service creates. An object exists completely or not at all;
 * only a machine that fails may leave a part of one whose `write` has not resolved.
 * Each method throws ApiError SERVICE_UNAVAILABLE while the store is down.
 */
export interface ObjectStore {
  /** The size in bytes, or undefined if there is no such object. */
  sizeOf(objectId: string): Promise<number | undefined>;
  /** The bytes as a stream, or undefined if there is no such object. */
  read(objectId: string, range: ByteRange): Promise<Readable | undefined>;
  /** Removes the object and the remains of interrupted uploads. A missing object is no error. */
  remove(objectId: string): Promise<void>;
  /** All objects, in no particular order. */
  list(): AsyncIterable<ListedObject>;
  /** Resolves when objects can be written and read. */
  check(): Promise<void>;
}

/** Uses a chunk, whose memory is used again once it resolves. */
export type Take = (chunk: Uint8Array) => Promise<void>;

/** A store that only this service writes and reads. */
export interface ServedStore extends ObjectStore {
  /**
   * Stores exactly `sizeBytes` bytes durably, without holding them in memory. If it throws, with
   * SizeMismatch or an error of the source, nothing is stored.
   */
  write(objectId: string, bytes: Bytes, sizeBytes: number): Promise<WrittenObject>;
  /**
   * A range of an object in memory, for short ranges. Undefined if there is no such object, or if
   * the object ends before the range does.
   */
  readAtOnce(objectId: string, range: ByteRange): Promise<Buffer | undefined>;
  /**
   * Opens an object. Undefined if there is no such object. The result must be called once: it passes
   * the range to `take` in chunks, one after the other, and closes the object.
   */
  open(objectId: string, range: ByteRange): Promise<((take: Take) => Promise<void>) | undefined>;
  /** The local path of the object. */
  pathOf(objectId: string): string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a name is a valid name of an object. */
export function isObjectId(name: string): boolean {
  return uuid.test(name);
}

/** The body has more or fewer bytes than announced. */
export class SizeMismatch extends Error {
  override readonly name = 'SizeMismatch';
  readonly found: 'longer' | 'shorter';

  constructor(found: 'longer' | 'shorter', sizeBytes: number) {
    super(`the body is ${found} than ${sizeBytes} bytes`);
    this.found = found;
  }
}
