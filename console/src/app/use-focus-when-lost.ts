import { useEffect } from 'preact/hooks';

/**
 * Takes the focus where a change has removed the element that had it, so that the keyboard goes on from
 * there and not from the top of the page.
 * @param cause what has changed
 * @param target gets the focus, where it is shown. Default: the title of the page
 */
export function useFocusWhenLost(
  cause: unknown,
  target?: { readonly current: HTMLElement | null },
): void {
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    const element = target?.current ?? document.querySelector('h1');
    element?.focus({ preventScroll: true });
  }, [cause]);
}
