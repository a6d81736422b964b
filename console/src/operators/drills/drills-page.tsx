import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-action.ts';
import { usePolled } from '../../app/use-polled.ts';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { timeText } from '../../ui/times.ts';
import { DrillForm } from './drill-form.tsx';
import { dependencyName } from './drill-targets.ts';

const everyMs = 3000;

/** Drills under way, and how to begin one. */
export function DrillsPage() {
  const { client } = useSession();
  const drills = usePolled('drills', everyMs, (signal) =>
    client.request('GET /v1/admin/drills', {}, { signal, retryForMs: 0 }),
  );
  const ending = useAction(async (drillId: string) => {
    await client.request('POST /v1/admin/drills/:drill_id/end', { path: { drill_id: drillId } });
    drills.again();
  });
  return (
    <>
      <PageTitle title="Drills">
        In a drill, services act as if a dependency had failed, for all users, until it ends by
        itself.
      </PageTitle>
      <div class="grid gap-4">
        <Panel title="Under way">
          {drills.error !== undefined && <Notice tone="bad">{drills.error}</Notice>}
          {ending.error !== undefined && <Notice tone="bad">{ending.error}</Notice>}
          {drills.value === undefined && drills.error === undefined && <Loading what="drills" />}
          {drills.value?.drills.length === 0 && <p class="text-muted">No drill is under way.</p>}
          {(drills.value?.drills.length ?? 0) > 0 && (
            <Table caption="Drills under way" columns={['Services', 'Fails', 'Until', 'End']}>
              {drills.value?.drills.map((drill) => (
                <Row key={drill.drill_id}>
                  <Cell column="Services" isHeader>
                    {drill.services.join(', ')}
                    {drill.instance === null ? '' : ` (only ${drill.instance})`}
                  </Cell>
                  <Cell column="Fails">
                    {drill.port === null
                      ? dependencyName(drill.dependency)
                      : `the port ${drill.port}`}
                  </Cell>
                  <Cell column="Until">{timeText(drill.ends_at)}</Cell>
                  <Cell column="End">
                    <Button
                      label={`End the drill of ${drill.services.join(', ')}`}
                      isBusy={ending.isBusy}
                      onClick={() => ending.run(drill.drill_id)}
                    >
                      End now
                    </Button>
                  </Cell>
                </Row>
              ))}
            </Table>
          )}
        </Panel>
        <DrillForm onBegun={drills.again} />
      </div>
    </>
  );
}
