import { useSession } from '../../app/session.tsx';
import { useSensitiveAction } from '../../app/step-up/use-sensitive-action.tsx';
import { useFocusWhenLost } from '../../app/use-focus-when-lost.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortTime } from '../../ui/times.ts';
import { createPasskey, hasPasskeys } from '../passkeys/browser-passkeys.ts';
import { useRead } from './use-read.ts';

/** Passkeys sign in without a password, and stand for a second factor. */
export function PasskeysPanel() {
  const { client } = useSession();
  const { again, error, value } = useRead(() => client.request('GET /v1/users/me/passkeys'));
  const add = useSensitiveAction(async () => {
    const started = await client.request('POST /v1/users/me/passkeys/start');
    const credential = await createPasskey(started);
    await client.request('POST /v1/users/me/passkeys/finish', { body: { credential } });
    again();
  });
  const remove = useSensitiveAction(async (id: string) => {
    const path = { passkey_id: id };
    await client.request('DELETE /v1/users/me/passkeys/:passkey_id', { path });
    again();
  });
  useFocusWhenLost(value?.passkeys.length);
  const problem = error ?? add.error ?? remove.error;
  return (
    <Panel title="Passkeys">
      <ul class="mb-3 grid gap-2">
        {value?.passkeys.map(({ created_at, name, passkey_id: id }) => (
          <li key={id} class="flex min-w-0 items-center gap-2">
            <span class="min-w-0 flex-1 truncate">
              {name} <span class="text-sm text-muted">since {shortTime(created_at)}</span>
            </span>
            <Button kind="quiet" label={`Remove: ${name}`} onClick={() => remove.run(id)}>
              Remove
            </Button>
          </li>
        ))}
        {value?.passkeys.length === 0 && <li class="text-sm text-muted">No passkeys yet.</li>}
      </ul>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {hasPasskeys() && (
        <Button onClick={() => add.run()} isBusy={add.isBusy}>
          Add a passkey
        </Button>
      )}
      {add.question}
      {remove.question}
    </Panel>
  );
}
