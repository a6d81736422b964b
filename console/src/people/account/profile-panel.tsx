import type { Schemas } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useRead } from './use-read.ts';

/** The name that others see. */
export function ProfilePanel() {
  const { client } = useSession();
  const { error, value } = useRead(() => client.request('GET /v1/users/me'));
  return (
    <Panel title="Profile">
      {error !== undefined && <Notice tone="bad">{error}</Notice>}
      {value === undefined ? (
        error === undefined && <Loading what="your profile" />
      ) : (
        <Form me={value} />
      )}
    </Panel>
  );
}

function Form({ me }: { me: Schemas['OwnUser'] }) {
  const { client } = useSession();
  const [name, setName] = useState(me.display_name);
  const [saved, setSaved] = useState(me.display_name);
  const save = useAction(async () => {
    const user = await client.request('PATCH /v1/users/me', { body: { display_name: name } });
    setSaved(user.display_name);
  });
  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <dt class="text-muted">User name</dt>
        <dd class="break-words">{me.username}</dd>
        <dt class="text-muted">E-mail address</dt>
        <dd class="break-words">
          {me.email}
          {me.email_verified ? '' : ' (not verified)'}
        </dd>
      </dl>
      <TextField label="Name" autoComplete="name" value={name} onInput={setName} required />
      {save.error !== undefined && <Notice tone="bad">{save.error}</Notice>}
      <div>
        <Button type="submit" kind="primary" isBusy={save.isBusy} disabled={name === saved}>
          Save the name
        </Button>
      </div>
    </form>
  );
}
