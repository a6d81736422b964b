import { type DataChange, worseChange } from '../recovery.ts';
import { CannotServe } from './cannot-serve.ts';

/** The lifetime of a process's key, in seconds. */
export const epochTtlSeconds = 86_400;

/** The key of a process, whatever the client. */
export interface EpochKey {
  read(): Promise<string | null>;
  /** Sets it, for {@link epochTtlSeconds}. */
  write(epoch: number): Promise<unknown>;
}

/**
 * Detects changes of the data of one server, or of one shard of a cluster. Each process increments
 * its own key there: a value below the last acknowledged one means that data was lost.
 */
export class DataWatch {
  readonly #key: EpochKey;
  #attempted = 0;
  #acknowledged = 0;
  #runId: string | undefined;
  #worst: DataChange = 'sameData';

  constructor(key: EpochKey) {
    this.#key = key;
  }

  /** Increments the key and reads it back. Rejects if that fails. */
  async check(): Promise<void> {
    await this.#noteLoss();
    await this.#writeAndReadBack();
  }

  /** The change since the last call. `info` is the server's INFO. */
  change(info: string): DataChange {
    const runId = /^run_id:(\w+)/m.exec(info)?.[1];
    if (this.#runId === undefined) this.#worst = worseChange(this.#worst, 'firstContact');
    else if (runId !== this.#runId) this.#worst = worseChange(this.#worst, 'restarted');
    this.#runId = runId;
    const result = this.#worst;
    this.#worst = 'sameData';
    return result;
  }

  /** Runs before any write: a write without a reply would hide an earlier loss. */
  async #noteLoss(): Promise<void> {
    const found = await this.#key.read();
    if (this.#acknowledged === 0) return;
    if (found === null) this.#worst = worseChange(this.#worst, 'empty');
    else if (Number(found) < this.#acknowledged)
      this.#worst = worseChange(this.#worst, 'rolledBack');
  }

  async #writeAndReadBack(): Promise<void> {
    this.#attempted += 1;
    const epoch = this.#attempted;
    const written = this.#key.write(epoch);
    const [, readBack] = await Promise.all([written, this.#key.read()]);
    if (Number(readBack) !== epoch) throw new CannotServe('not read back set');
    this.#acknowledged = epoch;
  }
}
