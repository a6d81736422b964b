/** Work did not end within its time limit. */
export class TookTooLong extends Error {
  override readonly name: string = 'TookTooLong';
}

/**
 * Settles like `work`, or rejects with TookTooLong once `limitMs` have passed; the work itself is not
 * stopped.
 * @param what names the work in the error
 */
export async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new TookTooLong(`${what} took longer than ${limitMs} ms`)),
      limitMs,
    );
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
