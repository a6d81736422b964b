import { useState } from 'preact/hooks';
import { errorText } from './error-text.ts';

interface Action<Args extends readonly unknown[]> {
  /** Begins it, unless it is under way. */
  readonly run: (...args: Args) => void;
  readonly isBusy: boolean;
  /** What went wrong the last time. */
  readonly error: string | undefined;
}

/** Something that a button or a form does: once at a time, and its errors are shown. */
export function useAction<Args extends readonly unknown[]>(
  act: (...args: Args) => Promise<void>,
): Action<Args> {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = (...args: Args): void => {
    if (isBusy) return;
    setIsBusy(true);
    setError(undefined);
    act(...args)
      .catch((cause: unknown) => setError(errorText(cause)))
      .finally(() => setIsBusy(false));
  };
  return { run, isBusy, error };
}
