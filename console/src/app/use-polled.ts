import { useEffect, useState } from 'preact/hooks';
import { errorText } from './error-text.ts';

/** Something that is read again and again while its page is shown. */
export interface Polled<Value> {
  /** As last read; undefined until the first time. */
  readonly value: Value | undefined;
  /** When `value` was read. */
  readonly readAtMs: number | undefined;
  /** Why the latest attempt failed; then `value` is old. */
  readonly error: string | undefined;
  /** Reads now. */
  readonly again: () => void;
}

/**
 * Reads something every `intervalMs`, one attempt at a time, and not while the page is hidden.
 * @param key what is read: with a different one, the former value is forgotten
 */
export function usePolled<Value>(
  key: string,
  intervalMs: number,
  read: (signal: AbortSignal) => Promise<Value>,
): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'again'>>(nothing);
  const [round, setRound] = useState(0);
  useEffect(() => setState(nothing), [key]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const repeat = async (): Promise<void> => {
      while (!signal.aborted) {
        await untilShown(signal);
        try {
          const value = await read(signal);
          if (!signal.aborted) setState({ value, readAtMs: Date.now(), error: undefined });
        } catch (error) {
          if (!signal.aborted) setState((before) => ({ ...before, error: errorText(error) }));
        }
        await pause(intervalMs, signal);
      }
    };
    void repeat();
    return () => abort.abort();
  }, [key, intervalMs, round]);
  return { ...state, again: () => setRound((before) => before + 1) };
}

const nothing = { value: undefined, readAtMs: undefined, error: undefined };

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return untilAbortOr(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

async function untilShown(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return;
  await untilAbortOr(signal, (done) => {
    document.addEventListener('visibilitychange', done);
    return () => document.removeEventListener('visibilitychange', done);
  });
}

/** Leaves nothing behind at the signal, which lives as long as its page and is waited on each time. */
function untilAbortOr(signal: AbortSignal, begin: (done: () => void) => () => void): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = begin(done);
    signal.addEventListener('abort', done);
  });
}
