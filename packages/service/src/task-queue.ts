/** Runs tasks sequentially, in the order of their arrival. Tasks must not reject. */
export class TaskQueue {
  #last: Promise<void> = Promise.resolve();
  #length = 0;

  /** The number of tasks that have not ended. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when the task and all before it have ended. */
  add(task: () => Promise<void>): Promise<void> {
    this.#length += 1;
    this.#last = this.#last.then(task).finally(() => {
      this.#length -= 1;
    });
    return this.#last;
  }

  /** The same for a task with a result or a rejection, which only the caller gets. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    void this.add(() => task().then(resolve, reject));
    return promise;
  }
}
