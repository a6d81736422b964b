import type { SignIn } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSession } from '../session.tsx';
import { isTotpCode } from '../totp-code.ts';
import { useAction } from '../use-action.ts';

interface SecondFactorFormProps {
  readonly challenge: Extract<SignIn, { isSignedIn: false }>['challenge'];
  readonly onSignedIn: () => Promise<void>;
  readonly onBack: () => void;
}

export function SecondFactorForm({ challenge, onSignedIn, onBack }: SecondFactorFormProps) {
  const { client } = useSession();
  const [code, setCode] = useState('');
  const confirm = useAction(async () => {
    const kind = isTotpCode(code) ? { code } : { recovery_code: code };
    const tokens = await client.request('POST /v1/auth/login/second-factor', {
      body: { challenge: challenge.challenge, ...kind },
    });
    await client.adopt(tokens);
    await onSignedIn();
  });
  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.run();
      }}
    >
      <TextField
        label="Code"
        autoComplete="one-time-code"
        value={code}
        onInput={setCode}
        hint="Six digits of your authenticator app, or one of your recovery codes."
        required
      />
      {confirm.error !== undefined && <Notice tone="bad">{confirm.error}</Notice>}
      <div class="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" isBusy={confirm.isBusy}>
          Sign in
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}
