import { useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-action.ts';
import { useFocusWhenLost } from '../../app/use-focus-when-lost.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortTime } from '../../ui/times.ts';
import { useRead } from './use-read.ts';

/** The devices on which the user is signed in. */
export function SessionsPanel() {
  const { client } = useSession();
  const { again, error, value } = useRead(() =>
    client.request('GET /v1/users/me/sessions', { query: { limit: 50 } }),
  );
  const end = useAction(async (id: string) => {
    const path = { session_id: id };
    await client.request('DELETE /v1/users/me/sessions/:session_id', { path });
    again();
  });
  useFocusWhenLost(value?.sessions.length);
  const problem = error ?? end.error;
  return (
    <Panel title="Devices">
      <ul class="grid gap-2">
        {value?.sessions.map(({ address, current, device_name, last_seen_at, session_id: id }) => (
          <li key={id} class="flex min-w-0 items-center gap-2">
            <span class="min-w-0 flex-1">
              <span class="block truncate">{device_name ?? 'Unknown device'}</span>
              <span class="block text-sm text-muted">
                {address ?? 'unknown address'}, last seen {shortTime(last_seen_at)}
              </span>
            </span>
            {current ? (
              <Badge tone="accent">this one</Badge>
            ) : (
              <Button
                kind="quiet"
                label={`Sign out: ${device_name ?? 'unknown device'}`}
                onClick={() => end.run(id)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
    </Panel>
  );
}
