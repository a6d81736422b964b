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

/** An object as a list shows it. */
export interface ListedObject {
  /** Undefined for something that no version of this service has put there. */
  readonly objectId: string | undefined;
  /** As the store calls it. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly changedAt: Date;
}

/**
 * Where bytes are kept, under UUIDs that this service makes. An object is there whole or not at
 * all. Each method throws ApiError SERVICE_UNAVAILABLE when the store is away.
 */
export interface ObjectStore {
  /** The size in bytes, or undefined where there is no such object. */
  sizeOf(objectId: string): Promise<number | undefined>;
  /** Removes the object and whatever a broken upload left of it. No such object is no error. */
  remove(objectId: string): Promise<void>;
  /** Everything that is stored, in no order. */
  list(): AsyncIterable<ListedObject>;
  /** Resolves when objects can be written and read. */
  check(): Promise<void>;
  /** Throws SERVICE_UNAVAILABLE where the store is known to be away, without asking it. */
  refuseWhileAway(): void;
}

/** A store whose objects are written and read by this service alone. */
export interface ServedStore extends ObjectStore {
  /**
   * Stores exactly `sizeBytes` bytes, durably, without holding them in memory. Throws SizeMismatch,
   * or what the source threw, and then nothing is stored.
   */
  write(objectId: string, bytes: Bytes, sizeBytes: number): Promise<WrittenObject>;
  /** The bytes as a stream, or undefined where there is no such object. */
  read(objectId: string, range: ByteRange): Promise<Readable | undefined>;
  /** Where a program on this machine finds the object. */
  pathOf(objectId: string): string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a name is one that an object can have. */
export function isObjectId(name: string): boolean {
  return uuid.test(name);
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
