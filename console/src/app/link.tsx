import type { ComponentChildren } from 'preact';
import { hrefOf, navigate, useLocation } from './router.ts';

interface LinkProps {
  /** A page, such as `/operators/fleet`. */
  readonly to: string;
  readonly class?: string;
  /** Default: whether its page is shown. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link to a page of the console, which needs no load. */
export function Link({ to, class: className, isCurrent, children }: LinkProps) {
  const { path } = useLocation();
  const open = (event: MouseEvent): void => {
    const isOwn = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!isOwn) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      href={hrefOf(to)}
      onClick={open}
      class={className}
      aria-current={(isCurrent ?? path === to) ? 'page' : undefined}
    >
      {children}
    </a>
  );
}
