import type { ComponentChildren } from 'preact';
import { Button } from '../ui/button.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { Link } from './link.tsx';
import { useLocation } from './router.ts';
import { useSession } from './session.tsx';
import { useAction } from './use-action.ts';

/** The areas of the console, each with the page that it begins with. */
const areas = [
  { name: 'Messages', area: '/people', to: '/people' },
  { name: 'Operators', area: '/operators', to: '/operators/fleet' },
] as const;

const linkClass =
  'rounded-md px-3 py-1.5 text-sm font-medium text-muted hover:bg-raised hover:text-ink aria-[current]:bg-raised aria-[current]:text-ink';

/** What every page has around it. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="min-h-dvh">
      <a
        href="#main"
        class="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <header class="border-b border-line bg-surface">
        <div class="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 sm:px-6">
          <Link to="" class="py-1 font-semibold tracking-tight">
            SecureConnect
          </Link>
          <AreaLinks />
          <div class="ml-auto flex items-center gap-1">
            <ThemeSwitch />
            <SignedIn />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} class="mx-auto max-w-7xl px-4 py-6 outline-none sm:px-6">
        {children}
      </main>
    </div>
  );
}

function AreaLinks() {
  const { path } = useLocation();
  const { state } = useSession();
  if (state !== 'signed_in') return null;
  return (
    <nav aria-label="Areas" class="flex gap-1">
      {areas.map(({ name, area, to }) => (
        <Link key={to} to={to} class={linkClass} isCurrent={path.startsWith(area)}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

function SignedIn() {
  const { state, signOut } = useSession();
  const ending = useAction(signOut);
  if (state !== 'signed_in') return null;
  return (
    <>
      {ending.error !== undefined && (
        <span role="alert" class="text-sm text-bad">
          {ending.error}
        </span>
      )}
      <Link to="/account" class={linkClass}>
        Account
      </Link>
      <Button kind="quiet" onClick={() => ending.run()} isBusy={ending.isBusy}>
        Sign out
      </Button>
    </>
  );
}
