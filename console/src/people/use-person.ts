import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../app/error-text.ts';
import type { Session } from '../app/session.tsx';
import { Limits } from './model/limits.ts';
import { openPerson } from './model/open-person.ts';
import { refusalWords } from './model/refusal-words.ts';
import type { Desk } from './person-context.ts';

export type Opening =
  | { readonly state: 'opening' }
  | { readonly state: 'failed'; readonly error: string; readonly again: () => void }
  | { readonly state: 'open'; readonly desk: Desk };

/** Opens the conversations of the signed-in user as long as a component is shown. */
export function usePerson({ client, degraded }: Session): Opening {
  const [round, setRound] = useState(0);
  const [opening, setOpening] = useState<Opening>({ state: 'opening' });
  useEffect(() => {
    const limits = new Limits({ api: client });
    const heed = (): void => limits.noteDegraded(degraded.replies.at(-1)?.ports ?? []);
    const heedRefusal = (): void => limits.noteRefusal(refusalWords(degraded.refused ?? ''));
    degraded.addEventListener('degraded', heed);
    degraded.addEventListener('refused', heedRefusal);
    let isLeft = false;
    const options = { client, isAttentive, onError: reportError };
    const opened = openPerson(options).then(
      (open) => {
        if (!isLeft) setOpening({ state: 'open', desk: { ...open, limits } });
        return open;
      },
      (error: unknown) => {
        const again = (): void => setRound((before) => before + 1);
        if (!isLeft) setOpening({ state: 'failed', error: errorText(error), again });
        return undefined;
      },
    );
    return () => {
      isLeft = true;
      degraded.removeEventListener('degraded', heed);
      degraded.removeEventListener('refused', heedRefusal);
      limits.close();
      void opened.then((open) => open?.close());
    };
  }, [client, round]);
  return opening;
}

/** A page in the background has nobody before it who reads. */
function isAttentive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
