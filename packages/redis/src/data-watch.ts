import { type DataChange, worseChange } from '@secureconnect/degraded-mode';
import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';

const epochTtlSeconds = 86_400;

/**
 * Sees what happens to the data of one server, or of one shard of a cluster. Each process counts up
 * a key of its own there: a server that gives back less than was acknowledged has lost data, whatever
 * other processes have written since.
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

  /** Counts the key up and reads it back. Rejects where that is not possible. */
  async check(): Promise<void> {
    await this.#noteLoss();
    await this.#writeAndReadBack();
  }

  /** What happened since this was last asked. `info` is what the server says of itself. */
  change(info: string): DataChange {
    const runId = /^run_id:(\w+)/m.exec(info)?.[1];
    if (this.#runId === undefined) this.#worst = worseChange(this.#worst, 'firstContact');
    else if (runId !== this.#runId) this.#worst = worseChange(this.#worst, 'restarted');
    this.#runId = runId;
    const result = this.#worst;
    this.#worst = 'sameData';
    return result;
  }

  /** Before anything is written: a write whose reply is lost would hide what was lost before it. */
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
