import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { useAction } from '../use-action.ts';
import { StepUpDialog } from './step-up-dialog.tsx';
import { asksForStepUp } from './step-up-error.ts';

interface SensitiveAction<Args extends readonly unknown[]> {
  readonly run: (...args: Args) => void;
  readonly isBusy: boolean;
  readonly error: string | undefined;
  /** To be shown by the page: asks for the password when the server does. */
  readonly question: ComponentChild;
}

/** An action that the server may allow only after a recent sign-in; then it is asked, and done again. */
export function useSensitiveAction<Args extends readonly unknown[]>(
  act: (...args: Args) => Promise<void>,
): SensitiveAction<Args> {
  const [waiting, setWaiting] = useState<Args>();
  const action = useAction(async (...args: Args) => {
    try {
      await act(...args);
    } catch (error) {
      if (!asksForStepUp(error)) throw error;
      setWaiting(args);
    }
  });
  const question = waiting !== undefined && (
    <StepUpDialog
      onDone={() => {
        setWaiting(undefined);
        action.run(...waiting);
      }}
      onClose={() => setWaiting(undefined)}
    />
  );
  return { run: action.run, isBusy: action.isBusy, error: action.error, question };
}
