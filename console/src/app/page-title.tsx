import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageTitleProps {
  readonly title: string;
  /** Read out and named in the window, but not seen: where the page has no room for it. */
  readonly isHidden?: boolean;
  readonly children?: ComponentChildren;
}

/** The heading of a page; it takes the focus when the page is shown, so that it is read out. */
export function PageTitle({ title, isHidden = false, children }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · SecureConnect`;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return (
    <div class={isHidden ? 'sr-only' : 'mb-5'}>
      <h1 ref={heading} tabIndex={-1} class="text-2xl font-semibold tracking-tight">
        {title}
      </h1>
      {children !== undefined && (
        <div class="mt-1 max-w-3xl text-balance text-muted">{children}</div>
      )}
    </div>
  );
}
