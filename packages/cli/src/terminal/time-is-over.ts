/**
 * Ends after a time, in milliseconds, or at Ctrl-C. Unlike AbortSignal.timeout, it keeps the process
 * until then.
 */
export function timeIsOver(milliseconds: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(undefined);
    };
    const timer = setTimeout(end, signal.aborted ? 0 : milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Waits for something for a time, or until Ctrl-C; undefined where that comes first. */
export async function withinTime<Result>(
  work: Promise<Result>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  try {
    return await Promise.race([work, timeIsOver(milliseconds, either)]);
  } finally {
    // The timer would keep the process.
    settled.abort();
  }
}
