const undeclaredReply = 'reply has a status that its endpoint does not list';

/**
 * The log of a service under test. When it is disposed of, after its service has stopped, it fails
 * the test if the service reported a reply that its endpoint does not list.
 */
export class LogLines implements Disposable {
  /** Every line so far, as it was written. */
  readonly all: string[] = [];
  /** The destination of a logger whose level is `error` or lower. */
  readonly write = (line: string): void => {
    this.all.push(line);
  };

  [Symbol.dispose](): void {
    const undeclared = this.all.filter((line) => line.includes(undeclaredReply));
    if (undeclared.length > 0) throw new Error(undeclared.join(''));
  }
}
