import { RefusedError } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { errorText } from '../app/error-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { type Attempt, attempts } from './model/attempts.ts';
import type { Demo } from './model/demo.ts';

/** Things to try, and how they ended the last time. */
export function AttemptsPanel({ demo }: { demo: Demo }) {
  return (
    <Panel title="Try it">
      <ul class="grid gap-3">
        {attempts.map((attempt) => (
          <AttemptItem key={attempt.title} attempt={attempt} demo={demo} />
        ))}
      </ul>
    </Panel>
  );
}

type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'refused' }
  | { readonly state: 'failed'; readonly text: string };

function AttemptItem({ attempt, demo }: { attempt: Attempt; demo: Demo }) {
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const run = (): void => {
    setIsBusy(true);
    attempt
      .act(demo)
      .then(
        () => setOutcome({ state: 'done' }),
        (error: unknown) => {
          const isRefused = error instanceof RefusedError && error.isDegraded;
          setOutcome(
            isRefused ? { state: 'refused' } : { state: 'failed', text: errorText(error) },
          );
        },
      )
      .finally(() => setIsBusy(false));
  };
  return (
    <li class="flex items-center gap-2">
      <div class="min-w-0 flex-1 text-sm">
        <p class="font-medium">{attempt.title}</p>
        <p class="text-muted">Without Redis: {attempt.expected}.</p>
      </div>
      <span role="status" class="text-sm">
        {outcome?.state === 'done' && <Badge tone="good">done</Badge>}
        {outcome?.state === 'refused' && <Badge tone="bad">refused</Badge>}
        {outcome?.state === 'failed' && <span class="text-bad">{outcome.text}</span>}
      </span>
      <Button onClick={run} isBusy={isBusy} label={`Try: ${attempt.title}`}>
        Try
      </Button>
    </li>
  );
}
