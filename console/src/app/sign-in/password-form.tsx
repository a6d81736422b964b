import type { SignIn } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSession } from '../session.tsx';
import { useAction } from '../use-action.ts';

interface PasswordFormProps {
  readonly onSignedIn: () => Promise<void>;
  readonly onChallenge: (challenge: Extract<SignIn, { isSignedIn: false }>['challenge']) => void;
}

export function PasswordForm({ onSignedIn, onChallenge }: PasswordFormProps) {
  const { client } = useSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    const result = await client.signIn({ email, password, device_name: 'Console' });
    if (result.isSignedIn) await onSignedIn();
    else onChallenge(result.challenge);
  });
  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.run();
      }}
    >
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        value={email}
        onInput={setEmail}
        required
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        onInput={setPassword}
        required
      />
      {signIn.error !== undefined && <Notice tone="bad">{signIn.error}</Notice>}
      <Button type="submit" kind="primary" isBusy={signIn.isBusy}>
        Sign in
      </Button>
    </form>
  );
}
