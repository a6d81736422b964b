import type { SignIn } from '@secureconnect/client';
import { useState } from 'preact/hooks';
import { PasskeyButton } from '../../people/passkeys/passkey-button.tsx';
import { Link } from '../link.tsx';
import { PageTitle } from '../page-title.tsx';
import { navigate, useLocation } from '../router.ts';
import { useSession } from '../session.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactorForm } from './second-factor-form.tsx';

type Challenge = Extract<SignIn, { isSignedIn: false }>['challenge'];

/** Only pages of this console: an address of somebody else would lead away from it. */
function pageAfter(query: URLSearchParams): string {
  const next = query.get('next') ?? '';
  return /^\/[a-z][a-z/-]*$/.test(next) ? next : '';
}

export function SignInPage() {
  const { refresh } = useSession();
  const { query } = useLocation();
  const [challenge, setChallenge] = useState<Challenge>();
  const finish = async (): Promise<void> => {
    await refresh();
    navigate(pageAfter(query), { replace: true });
  };
  return (
    <div class="mx-auto max-w-sm py-8">
      <PageTitle title={challenge === undefined ? 'Sign in' : 'Enter your code'} />
      {challenge === undefined ? (
        <>
          <PasswordForm onChallenge={setChallenge} onSignedIn={finish} />
          <OtherWays onSignedIn={finish} />
        </>
      ) : (
        <SecondFactorForm
          challenge={challenge}
          onSignedIn={finish}
          onBack={() => setChallenge(undefined)}
        />
      )}
    </div>
  );
}

function OtherWays({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  return (
    <div class="mt-4 grid gap-4">
      <PasskeyButton onSignedIn={onSignedIn} />
      <p class="text-sm text-muted">
        You have no account?{' '}
        <Link to="/sign-up" class="text-accent underline">
          Create one
        </Link>
      </p>
    </div>
  );
}
