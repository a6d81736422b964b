import type { ComponentChildren } from 'preact';
import { Button } from '../ui/button.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { AreaLinks } from './area-links.tsx';
import { headerLinkClass } from './header-link-class.ts';
import { HeaderMenu } from './header-menu.tsx';
import { Link } from './link.tsx';
import { useSession } from './session.tsx';
import { useAction } from './use-action.ts';

/** What every page has around it. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { state } = useSession();
  return (
    <div class="min-h-dvh">
      <a
        href="#main"
        class="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <header class="border-b border-line bg-surface">
        <div class="mx-auto flex max-w-7xl items-center gap-4 px-4 py-2 sm:px-6">
          <Link to="" class="py-1 font-semibold tracking-tight">
            SecureConnect
          </Link>
          {state === 'signed_in' ? (
            <HeaderMenu>
              <AreaLinks />
              <div class="grid justify-items-start gap-1 sm:ml-auto sm:flex sm:items-center">
                <ThemeSwitch />
                <OwnAccount />
              </div>
            </HeaderMenu>
          ) : (
            <div class="ml-auto">
              <ThemeSwitch />
            </div>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1} class="mx-auto max-w-7xl px-4 py-6 outline-none sm:px-6">
        {children}
      </main>
    </div>
  );
}

function OwnAccount() {
  const { signOut } = useSession();
  const ending = useAction(signOut);
  return (
    <>
      {ending.error !== undefined && (
        <span role="alert" class="text-sm text-bad">
          {ending.error}
        </span>
      )}
      <Link to="/account" class={headerLinkClass}>
        Account
      </Link>
      <Button kind="quiet" onClick={() => ending.run()} isBusy={ending.isBusy}>
        Sign out
      </Button>
    </>
  );
}
