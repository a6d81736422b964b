import { PageTitle } from '../app/page-title.tsx';
import { useLocation } from '../app/router.ts';
import { useSession } from '../app/session.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { DeskContext } from './person-context.ts';
import { PersonPane } from './person-pane.tsx';
import { usePerson } from './use-person.ts';

/** Conversations, messages, files and calls of the signed-in user. */
export function People() {
  return (
    <>
      <PageTitle title="Messages" isHidden />
      <Conversations />
    </>
  );
}

function Conversations() {
  const opening = usePerson(useSession());
  const { query } = useLocation();
  if (opening.state === 'opening') return <Loading what="your conversations" />;
  if (opening.state === 'failed')
    return (
      <Notice tone="bad">
        <p>{opening.error}</p>
        <Button onClick={opening.again}>Try again</Button>
      </Notice>
    );
  return (
    <DeskContext.Provider value={opening.desk}>
      <div class="h-[calc(100dvh-7.5rem)] min-h-96">
        <PersonPane conversationId={query.get('conversation') ?? undefined} />
      </div>
    </DeskContext.Provider>
  );
}
