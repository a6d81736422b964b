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
import { AccountActions } from './account-actions.tsx';

type AdminUser = Schemas['AdminUser'];

const everyMs = 15_000;
const pageSize = 20;

/** Accounts, by user name, and what an administrator may do with them. */
export function AccountsPage() {
  const { client } = useSession();
  const [search, setSearch] = useState('');
  const pages = usePages();
  const { cursor } = pages;
  const accounts = usePolled(`accounts ${search} ${cursor}`, everyMs, (signal) => {
    const query = {
      limit: pageSize,
      ...(search === '' ? {} : { search }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    return client.request('GET /v1/admin/users', { query }, { signal });
  });
  return (
    <>
      <PageTitle title="Accounts" />
      <Panel>
        <SearchForm
          label="How a user name or an e-mail address begins, or an id"
          onSearch={(text) => {
            pages.first();
            setSearch(text);
          }}
        />
        <PolledContent what="accounts" value={accounts.value} error={accounts.error}>
          {({ users, next_cursor: next }) => (
            <>
              {users.length === 0 ? (
                <p class="text-muted">No account is found.</p>
              ) : (
                <Table caption="Accounts" columns={['Account', 'State', 'Sessions', 'Actions']}>
                  {users.map((user) => (
                    <AccountRow key={user.user_id} user={user} onChange={accounts.again} />
                  ))}
                </Table>
              )}
              <Pager what="accounts" pages={pages} next={next} />
            </>
          )}
        </PolledContent>
      </Panel>
    </>
  );
}

function AccountRow({ user, onChange }: { user: AdminUser; onChange: () => void }) {
  return (
    <Row>
      <Cell column="Account" isHeader>
        {user.username}
        <span class="block text-xs font-normal text-muted">{user.email}</span>
      </Cell>
      <Cell column="State">
        <span class="flex flex-wrap gap-1">
          {user.disabled_at === null ? (
            <Badge tone="good">enabled</Badge>
          ) : (
            <Badge tone="bad">disabled {timeText(user.disabled_at)}</Badge>
          )}
          {user.role === 'admin' && <Badge tone="accent">admin</Badge>}
          {!user.email_verified && <Badge>address not verified</Badge>}
        </span>
      </Cell>
      <Cell column="Sessions">{user.live_sessions}</Cell>
      <Cell column="Actions">
        <AccountActions user={user} onChange={onChange} />
      </Cell>
    </Row>
  );
}
