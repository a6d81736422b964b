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
