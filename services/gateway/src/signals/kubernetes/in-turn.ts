import { TaskQueue } from '@secureconnect/service';

/** Serialises this process's work on the same object. */
export class InTurn {
  readonly #queues = new Map<string, TaskQueue>();

  /** The number of keys that have work. */
  get size(): number {
    return this.#queues.size;
  }

  /** Runs `work` after all earlier work with the same key. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(key) ?? new TaskQueue();
    this.#queues.set(key, queue);
    try {
      return await queue.run(work);
    } finally {
      if (queue.length === 0) this.#queues.delete(key);
    }
  }
}
