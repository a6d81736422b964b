/** Work under way by key: who asks for the same again waits for it instead of doing it twice. */
export class SingleFlight<Result> {
  readonly #underWay = new Map<string, Promise<Result>>();

  run(key: string, work: () => Promise<Result>): Promise<Result> {
    const already = this.#underWay.get(key);
    if (already !== undefined) return already;
    const started = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }
}
