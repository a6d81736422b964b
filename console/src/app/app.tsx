import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Loading } from '../ui/loading.tsx';
import { lazyPart } from './lazy-part.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { navigate, useLocation } from './router.ts';
import { SessionProvider, useSession } from './session.tsx';
import { Shell } from './shell.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';

const OperatorsPart = lazyPart(async () => (await import('../operators/operators.tsx')).Operators);
const PeoplePart = lazyPart(async () => (await import('../people/people.tsx')).People);
const DemoPart = lazyPart(async () => (await import('../demo/demo-page.tsx')).DemoPage);
const AccountPart = lazyPart(
  async () => (await import('../people/account/account-page.tsx')).AccountPage,
);
const SignUpPart = lazyPart(
  async () => (await import('../people/sign-up/sign-up-page.tsx')).SignUpPage,
);

export function App() {
  return (
    <SessionProvider>
      <Shell>
        <Page />
      </Shell>
    </SessionProvider>
  );
}

/** Each area shows its own pages. */
function Page() {
  const { path } = useLocation();
  if (path === '') return <Redirect to="/people" />;
  if (path === '/sign-in') return <SignInPage />;
  if (path === '/sign-up') return <SignUpPart />;
  if (path.startsWith('/operators/')) return <SignedInOnly Part={OperatorsPart} />;
  if (path === '/demo') return <DemoPart />;
  if (path === '/account') return <SignedInOnly Part={AccountPart} />;
  if (path === '/people') return <SignedInOnly Part={PeoplePart} />;
  return <NotFoundPage />;
}

function SignedInOnly({ Part }: { Part: ComponentType }) {
  const { state } = useSession();
  const { path } = useLocation();
  if (state === 'reading') return <Loading what="your session" />;
  if (state === 'signed_out') return <Redirect to={`/sign-in?next=${path}`} />;
  return <Part />;
}

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return null;
}
