const kibibyte = 1024;
/** Larger chunks do not make a transfer faster. */
const maxChunkBytes = 256 * kibibyte;
/** The chunk size of Node's file streams. */
const minChunkBytes = 64 * kibibyte;
/** Shared by the transfers of one direction, while they are few enough. */
const sharedBytes = 16 * 1024 * kibibyte;

/**
 * The size of the chunks between memory and files. Each call of the file system costs a switch to a
 * thread and back, so a few transfers use large chunks; the more transfers there are, the smaller
 * their chunks, so that memory stays bounded.
 */
export class ChunkSize {
  #transfers = 0;

  /** The current size in bytes: 256 KiB for up to 64 transfers, 64 KiB from 256 transfers. */
  get bytes(): number {
    const share = Math.floor(sharedBytes / Math.max(1, this.#transfers));
    return Math.min(maxChunkBytes, Math.max(minChunkBytes, share));
  }

  /** Counts a transfer until the result is disposed of. */
  begin(): Disposable {
    this.#transfers += 1;
    const end = (): void => {
      this.#transfers -= 1;
    };
    return { [Symbol.dispose]: end };
  }
}
