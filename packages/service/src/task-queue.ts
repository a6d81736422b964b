const idle = Promise.resolve();

/** Runs tasks sequentially, in the order of their arrival. */
export class TaskQueue {
  #last: Promise<unknown> = idle;
  #length = 0;

  /** The number of tasks that have not ended. */
  get length(): number {
    return this.#length;
  }

  /** The outcome of `task`, which starts when all earlier tasks have ended. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#length += 1;
    const outcome = this.#last.then(task).finally(() => {
      this.#length -= 1;
      // The promises of the last task would be kept as long as the queue.
      if (this.#length === 0) this.#last = idle;
    });
    this.#last = outcome.catch(() => undefined); // A failure is its caller's alone.
    return outcome;
  }
}
