import { useState } from 'preact/hooks';
import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { usePolled } from '../../app/use-polled.ts';
import { Pager, usePages } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PolledContent } from '../../ui/polled-content.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { RequestItem } from './request-item.tsx';

const everyMs = 5000;
const pageSize = 20;

const states = [
  ['Pending', 'active'],
  ['Resolved', 'resolved'],
  ['all', 'all'],
] as const;

/** Remediation requests: one for each active alert, or for each storm. */
export function AlertsPage() {
  const { client } = useSession();
  const [state, setState] = useState<(typeof states)[number][0]>('Pending');
  const pages = usePages();
  const { cursor } = pages;
  const requests = usePolled(`alerts ${state} ${cursor}`, everyMs, (signal) => {
    const query = {
      limit: pageSize,
      ...(state === 'all' ? {} : { status: state }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    return client.request('GET /api/v1/admin/remediation-requests', { query }, { signal });
  });
  return (
    <>
      <PageTitle title="Alerts">
        Remediation requests: one for each alert that is active, and one for all alerts of a storm.
      </PageTitle>
      <Panel>
        <div class="mb-4 max-w-48">
          <SelectField
            label="State"
            value={state}
            options={states}
            onChange={(chosen) => {
              pages.first();
              setState(chosen);
            }}
          />
        </div>
        <PolledContent what="remediation requests" value={requests.value} error={requests.error}>
          {({ items, next_cursor: next }) => (
            <>
              {items.length === 0 && <p class="text-muted">There are none.</p>}
              <ul class="divide-y divide-line">
                {items.map((request) => (
                  <RequestItem key={request.name} request={request} />
                ))}
              </ul>
              <Pager what="remediation requests" pages={pages} next={next} />
            </>
          )}
        </PolledContent>
      </Panel>
    </>
  );
}
