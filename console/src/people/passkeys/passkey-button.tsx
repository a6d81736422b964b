import { useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { hasPasskeys, usePasskey } from './browser-passkeys.ts';

/** Signs in with a passkey; nothing where the browser has none. */
export function PasskeyButton({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const { client } = useSession();
  const signIn = useAction(async () => {
    const started = await client.request('POST /v1/auth/passkeys/start');
    const credential = await usePasskey(started);
    const body = { credential, device_name: 'Console' };
    await client.adopt(await client.request('POST /v1/auth/passkeys/finish', { body }));
    await onSignedIn();
  });
  if (!hasPasskeys()) return null;
  return (
    <div class="grid gap-2">
      {signIn.error !== undefined && <Notice tone="bad">{signIn.error}</Notice>}
      <Button onClick={signIn.run} isBusy={signIn.isBusy}>
        Sign in with a passkey
      </Button>
    </div>
  );
}
