import type { Schemas } from '@secureconnect/client';
import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { usePolled } from '../../app/use-polled.ts';
import { Panel } from '../../ui/panel.tsx';
import { PolledContent } from '../../ui/polled-content.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { timeText } from '../../ui/times.ts';

type OutboxEffect = Schemas['OutboxEffect'];

const everyMs = 5000;

/** Mails that wait, and those that were given up. */
export function OutboxPage() {
  const { client } = useSession();
  const outbox = usePolled('outbox', everyMs, (signal) =>
    client.request('GET /v1/admin/outbox', {}, { signal }),
  );
  return (
    <>
      <PageTitle title="Outbox">
        Mails leave after the change that causes them, and are tried again until they are accepted
        or given up.
      </PageTitle>
      <PolledContent what="the outbox" value={outbox.value} error={outbox.error}>
        {({ waiting, given_up: givenUp }) => (
          <div class="grid gap-4">
            <Panel title={`Given up: ${givenUp.count}`}>
              {givenUp.count > 0 && (
                <p class="mb-3 text-muted">
                  Once the cause is mended,{' '}
                  <code class="font-mono text-sm">npm run outbox:dead-letters -- --retry all</code>{' '}
                  sends them again.
                </p>
              )}
              <Effects name="given up" time="Given up" effects={givenUp.effects} />
            </Panel>
            <Panel title={`Waiting: ${waiting.count}`}>
              <Effects name="waiting" time="Next attempt" effects={waiting.effects} />
            </Panel>
          </div>
        )}
      </PolledContent>
    </>
  );
}

interface EffectsProps {
  readonly name: string;
  /** The title of the column of times. */
  readonly time: string;
  readonly effects: readonly OutboxEffect[];
}

function Effects({ name, time, effects }: EffectsProps) {
  if (effects.length === 0) return <p class="text-muted">None.</p>;
  return (
    <Table
      caption={`Effects ${name}`}
      columns={['Kind', 'Created', time, 'Attempts', 'Last error']}
    >
      {effects.map((effect) => (
        <Row key={effect.effect_id}>
          <Cell column="Kind" isHeader>
            {effect.kind}
            <span class="block font-mono text-xs font-normal text-muted">{effect.effect_id}</span>
          </Cell>
          <Cell column="Created">{timeText(effect.created_at)}</Cell>
          <Cell column={time}>{timeText(effect.given_up_at ?? effect.due_at ?? '')}</Cell>
          <Cell column="Attempts">{effect.tries}</Cell>
          <Cell column="Last error">{effect.last_error ?? 'none'}</Cell>
        </Row>
      ))}
    </Table>
  );
}
