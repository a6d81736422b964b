import { type DataChange, worseChange } from '@secureconnect/degraded-mode';
import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';

const epochTtlSeconds = 86_400;

/**
 * Detects changes of the data of one server, or of one shard of a cluster. Each process increments
 * its own key there: a value below the last acknowledged one means that data was lost.
 */
export class DataWatch {
  readonly #redis: RedisCommands;
  readonly #key: string;
  #attempted = 0;
  #acknowledged = 0;
  #runId: string | undefined;
  #worst: DataChange = 'sameData';

  constructor(redis: RedisCommands, key: string) {
    this.#redis = redis;
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
    const found = await this.#redis.get(this.#key);
    if (this.#acknowledged === 0) return;
    if (found === null) this.#worst = worseChange(this.#worst, 'empty');
    else if (Number(found) < this.#acknowledged)
      this.#worst = worseChange(this.#worst, 'rolledBack');
  }

  async #writeAndReadBack(): Promise<void> {
    this.#attempted += 1;
    const epoch = this.#attempted;
    const written = this.#redis.set(this.#key, epoch, 'EX', epochTtlSeconds);
    const [, readBack] = await Promise.all([written, this.#redis.get(this.#key)]);
    if (Number(readBack) !== epoch) throw new CannotServe('not read back set');
    this.#acknowledged = epoch;
  }
}
