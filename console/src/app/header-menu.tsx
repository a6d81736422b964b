import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { classes } from '../ui/classes.ts';
import { headerLinkClass } from './header-link-class.ts';
import { useLocation } from './router.ts';

/** What the header offers: in its row where there is room, behind a button on a phone. */
export function HeaderMenu({ children }: { readonly children: ComponentChildren }) {
  const id = useId();
  const { path } = useLocation();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => menu.current?.hidePopover(), [path]);
  return (
    <>
      <button
        type="button"
        popovertarget={id}
        class={classes(headerLinkClass, 'ml-auto min-h-9 sm:hidden')}
      >
        Menu
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        class={classes(
          'absolute inset-auto top-13 right-2 min-w-48 gap-1 rounded-lg border border-line bg-surface p-2 text-ink shadow-lg open:grid',
          // In the row it is always there: these are stronger than what hides a closed popover.
          'sm:static sm:flex sm:min-w-0 sm:flex-1 sm:items-center sm:gap-4 sm:overflow-visible sm:border-0 sm:p-0 sm:shadow-none',
        )}
      >
        {children}
      </div>
    </>
  );
}
