import type { Schemas } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { useSession } from '../../app/session.tsx';
import { useSensitiveAction } from '../../app/step-up/use-sensitive-action.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';

const actions = {
  disable: {
    route: 'POST /v1/admin/users/:user_id/disable',
    name: 'Disable',
    effect: 'The account can no longer sign in, and its sessions end at once.',
  },
  enable: {
    route: 'POST /v1/admin/users/:user_id/enable',
    name: 'Enable',
    effect: 'The account can sign in again.',
  },
  endSessions: {
    route: 'POST /v1/admin/users/:user_id/end-sessions',
    name: 'End sessions',
    effect: 'All devices of the account are signed out at once.',
  },
  resetFactors: {
    route: 'POST /v1/admin/users/:user_id/reset-factors',
    name: 'Reset factors',
    effect:
      'The password alone signs in afterwards. Verify first, by a different way, who asks for it. A mail tells the owner.',
  },
} as const;

type ActionName = keyof typeof actions;

interface AccountActionsProps {
  readonly user: Schemas['AdminUser'];
  readonly onChange: () => void;
}

/** What an administrator may do with an account; each is asked about first. */
export function AccountActions({ user, onChange }: AccountActionsProps) {
  const { client } = useSession();
  const [asked, setAsked] = useState<ActionName>();
  const act = useSensitiveAction(async (name: ActionName) => {
    await client.request(actions[name].route, { path: { user_id: user.user_id } });
    setAsked(undefined);
    onChange();
  });
  const names: readonly ActionName[] = [
    user.disabled_at === null ? 'disable' : 'enable',
    'endSessions',
    'resetFactors',
  ];
  return (
    <div class="-my-1 -ml-3 flex flex-wrap gap-1">
      {names.map((name) => (
        <Button
          key={name}
          kind="quiet"
          label={`${actions[name].name}: ${user.username}`}
          onClick={() => setAsked(name)}
        >
          {actions[name].name}
        </Button>
      ))}
      {asked !== undefined && (
        <Dialog
          title={`${actions[asked].name}: ${user.username}?`}
          onClose={() => setAsked(undefined)}
        >
          <p class="mb-4">{actions[asked].effect}</p>
          {act.error !== undefined && <Notice tone="bad">{act.error}</Notice>}
          <div class="mt-4 flex justify-end gap-2">
            <Button onClick={() => setAsked(undefined)}>Cancel</Button>
            <Button kind="danger" isBusy={act.isBusy} onClick={() => act.run(asked)}>
              {actions[asked].name}
            </Button>
          </div>
        </Dialog>
      )}
      {act.question}
    </div>
  );
}
