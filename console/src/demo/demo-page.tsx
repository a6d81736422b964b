import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../app/error-text.ts';
import { PageTitle } from '../app/page-title.tsx';
import { DeskContext } from '../people/person-context.ts';
import { PersonPane } from '../people/person-pane.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { AttemptsPanel } from './attempts-panel.tsx';
import { type Demo, openDemo } from './model/demo.ts';
import type { DemoPerson } from './model/demo-person.ts';
import { RedisPanel } from './redis-panel.tsx';
import { UsesPanel } from './uses-panel.tsx';

type Opening =
  | { readonly state: 'opening' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'open'; readonly demo: Demo };

/** Two people side by side, and the switch of Redis. */
export function DemoPage() {
  const [round, setRound] = useState(0);
  const opening = useDemo(round);
  return (
    <>
      <PageTitle title="What goes on without Redis">
        Ada and Bob are two people on your server, made up by this page. Stop Redis, write from one
        to the other, send a file, call: see what goes on, and what says no.
      </PageTitle>
      {opening.state === 'opening' && <Loading what="the two people" />}
      {opening.state === 'failed' && (
        <Notice tone="bad">
          <p class="mb-2">{opening.error}</p>
          <Button onClick={() => setRound(round + 1)}>Try again</Button>
        </Notice>
      )}
      <div class="grid gap-4">
        <RedisPanel />
        {opening.state === 'open' && <Stage demo={opening.demo} />}
      </div>
    </>
  );
}

function useDemo(round: number): Opening {
  const [opening, setOpening] = useState<Opening>({ state: 'opening' });
  useEffect(() => {
    setOpening({ state: 'opening' });
    let isLeft = false;
    const opened = openDemo(location.origin, reportError).then(
      (demo) => {
        if (!isLeft) setOpening({ state: 'open', demo });
        return demo;
      },
      (error: unknown) => {
        if (!isLeft) setOpening({ state: 'failed', error: errorText(error) });
        return undefined;
      },
    );
    return () => {
      isLeft = true;
      void opened.then((demo) => demo?.close());
    };
  }, [round]);
  return opening;
}

function Stage({ demo }: { demo: Demo }) {
  return (
    <>
      <div class="grid gap-4 md:grid-cols-2">
        <DemoPane of={demo.ada} />
        <DemoPane of={demo.bob} />
      </div>
      <div class="grid gap-4 lg:grid-cols-[3fr_2fr]">
        <UsesPanel activity={demo.activity} />
        <AttemptsPanel demo={demo} />
      </div>
    </>
  );
}

function DemoPane({ of: { calls, limits, person } }: { of: DemoPerson }) {
  const name = person.me.display_name;
  return (
    <section aria-label={`The side of ${name}`} class="min-w-0">
      <h2 class="mb-1 font-semibold">{name}</h2>
      <div class="h-120">
        <DeskContext.Provider value={{ calls, limits, person, isSilent: true }}>
          <PersonPane />
        </DeskContext.Provider>
      </div>
    </section>
  );
}
