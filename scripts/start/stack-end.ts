/** Why the stack ends: the reason of the abort signal that ends it. */
export class StackEnd extends Error {
  override readonly name = 'StackEnd';
  /** 0 if somebody asked for the end. */
  readonly exitCode: number;

  constructor(exitCode: number, reason: string) {
    super(reason);
    this.exitCode = exitCode;
  }
}

/** Settles like `work`, or rejects with the signal's reason once it is aborted. */
export function orEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([work, untilEnd(signal)]);
}

/** Rejects with the signal's reason once it is aborted. */
export function untilEnd(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
