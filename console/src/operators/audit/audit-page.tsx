import type { Schemas } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { usePolled } from '../../app/use-polled.ts';
import { Badge } from '../../ui/badge.tsx';
import { Pager, usePages } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PolledContent } from '../../ui/polled-content.tsx';
import { SearchForm } from '../../ui/search-form.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { timeText } from '../../ui/times.ts';
import { useUsernames } from './use-usernames.ts';

const everyMs = 10_000;
const pageSize = 25;
const columns = ['When', 'What', 'Account', 'By', 'Details'];

/** What happened to accounts, newest first. */
export function AuditPage() {
  const { client } = useSession();
  const [userId, setUserId] = useState('');
  const pages = usePages();
  const { cursor } = pages;
  const audit = usePolled(`audit ${userId} ${cursor}`, everyMs, (signal) => {
    const query = {
      limit: pageSize,
      ...(userId === '' ? {} : { user_id: userId }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    return client.request('GET /v1/admin/audit', { query }, { signal });
  });
  const names = useUsernames(
    (audit.value?.entries ?? []).flatMap(({ actor_id, user_id }) =>
      [actor_id, user_id].filter((id) => id !== null),
    ),
  );
  return (
    <>
      <PageTitle title="Audit">
        Sealed entries of the audit log. Addresses and agents are in its export alone.
      </PageTitle>
      <Panel>
        <SearchForm
          label="Id of an account"
          onSearch={(text) => {
            pages.first();
            setUserId(text);
          }}
        />
        <PolledContent what="the audit log" value={audit.value} error={audit.error}>
          {({ entries, next_cursor: next }) => (
            <>
              {entries.length === 0 ? (
                <p class="text-muted">There are no entries.</p>
              ) : (
                <Table caption="Audit log" columns={columns}>
                  {entries.map((entry) => (
                    <EntryRow key={entry.sequence} entry={entry} names={names} />
                  ))}
                </Table>
              )}
              <Pager what="the audit log" pages={pages} next={next} />
            </>
          )}
        </PolledContent>
      </Panel>
    </>
  );
}

interface EntryRowProps {
  readonly entry: Schemas['AdminAuditEntry'];
  readonly names: ReadonlyMap<string, string>;
}

function EntryRow({ entry, names }: EntryRowProps) {
  const details = Object.entries(entry.details);
  return (
    <Row>
      <Cell column="When" isHeader>
        <span class="whitespace-nowrap">{timeText(entry.recorded_at)}</span>
        <span class="block text-xs font-normal text-muted">#{entry.sequence}</span>
      </Cell>
      <Cell column="What">
        {entry.action.replaceAll('_', ' ')}{' '}
        {entry.mode === 'degraded' && <Badge tone="warn">while degraded</Badge>}
      </Cell>
      <Cell column="Account">
        {entry.user_id === null ? 'all' : <AccountName id={entry.user_id} names={names} />}
      </Cell>
      <Cell column="By">
        {entry.actor}
        {entry.actor === 'admin' && entry.actor_id !== null && (
          <span class="block">
            <AccountName id={entry.actor_id} names={names} />
          </span>
        )}
      </Cell>
      <Cell column="Details">
        <span class="text-muted">
          {details.length === 0
            ? 'none'
            : details.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`).join(', ')}
        </span>
      </Cell>
    </Row>
  );
}

/** The user name of an account, above its id. */
function AccountName({ id, names }: { id: string; names: EntryRowProps['names'] }) {
  return (
    <>
      {names.get(id)}
      <span class="block font-mono text-xs text-muted">{id}</span>
    </>
  );
}
