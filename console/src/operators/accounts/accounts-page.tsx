import type { Schemas } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { PageTitle } from '../../app/page-title.tsx';
import { useSession } from '../../app/session.tsx';
import { usePolled } from '../../app/use-polled.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { timeText } from '../../ui/times.ts';
import { AccountActions } from './account-actions.tsx';

type AdminUser = Schemas['AdminUser'];

const everyMs = 15_000;
const pageSize = 20;

/** Accounts, by user name, and what an administrator may do with them. */
export function AccountsPage() {
  const { client } = useSession();
  const [text, setText] = useState('');
  const [search, setSearch] = useState('');
  /** The cursors of the pages up to this one; the first page has none. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const accounts = usePolled(`accounts ${search} ${cursor}`, everyMs, (signal) => {
    const query = {
      limit: pageSize,
      ...(search === '' ? {} : { search }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    return client.request('GET /v1/admin/users', { query }, { signal });
  });
  const next = accounts.value?.next_cursor ?? null;
  return (
    <>
      <PageTitle title="Accounts" />
      <Panel>
        <form
          class="mb-4 flex max-w-xl items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            setCursors([]);
            setSearch(text.trim());
          }}
        >
          <div class="grow">
            <TextField
              label="How a user name or an e-mail address begins, or an id"
              type="search"
              value={text}
              onInput={setText}
            />
          </div>
          <Button type="submit">Search</Button>
        </form>
        {accounts.error !== undefined && <Notice tone="bad">{accounts.error}</Notice>}
        {accounts.value === undefined && accounts.error === undefined && (
          <Loading what="accounts" />
        )}
        {accounts.value?.users.length === 0 && <p class="text-muted">No account is found.</p>}
        {(accounts.value?.users.length ?? 0) > 0 && (
          <Table caption="Accounts" columns={['Account', 'State', 'Sessions', 'Actions']}>
            {accounts.value?.users.map((user) => (
              <AccountRow key={user.user_id} user={user} onChange={accounts.again} />
            ))}
          </Table>
        )}
        <nav aria-label="Pages of accounts" class="mt-4 flex gap-2">
          <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
            Previous
          </Button>
          <Button
            disabled={next === null}
            onClick={() => next !== null && setCursors([...cursors, next])}
          >
            Next
          </Button>
        </nav>
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
