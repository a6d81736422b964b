import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../../app/error-text.ts';

interface Read<Value> {
  readonly value: Value | undefined;
  /** Why the last attempt has failed. */
  readonly error: string | undefined;
  /** Reads once more, after a change. */
  readonly again: () => void;
}

/** Something that is read when a part of a page is shown, and after changes there. */
export function useRead<Value>(read: () => Promise<Value>): Read<Value> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Read<Value>, 'again'>>({
    ...{ value: undefined, error: undefined },
  });
  useEffect(() => {
    let isLeft = false;
    read().then(
      (value) => {
        if (!isLeft) setState({ value, error: undefined });
      },
      (error: unknown) => {
        if (!isLeft) setState(({ value }) => ({ value, error: errorText(error) }));
      },
    );
    return () => {
      isLeft = true;
    };
  }, [round]);
  return { ...state, again: () => setRound((before) => before + 1) };
}
