import { useEffect, useState } from 'preact/hooks';

/** Every page is below it. */
const root = '/console';

/** Told when the path has changed without a page load. */
const listeners = new Set<() => void>();

/** The path below the root, without a slash at its end: `''`, or `/operators/fleet`. */
function currentPath(): string {
  return location.pathname.slice(root.length).replace(/\/+$/, '');
}

/** The address of a page, such as `/operators/fleet`, for links. */
export function hrefOf(path: string): string {
  return `${root}${path}`;
}

/**
 * Shows a different page. The gateway serves pages of one or two parts: what else a page needs is in
 * its query.
 */
export function navigate(path: string, { replace = false } = {}): void {
  const href = hrefOf(path);
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  for (const listener of listeners) listener();
}

/** The current path, and the query of the address. */
export function useLocation(): { path: string; query: URLSearchParams } {
  const read = () => ({ path: currentPath(), search: location.search });
  const [now, setNow] = useState(read);
  useEffect(() => {
    const update = (): void => {
      const next = read();
      setNow((before) =>
        before.path === next.path && before.search === next.search ? before : next,
      );
    };
    listeners.add(update);
    addEventListener('popstate', update);
    // A page below this one may have been left before anybody listened.
    update();
    return () => {
      listeners.delete(update);
      removeEventListener('popstate', update);
    };
  }, []);
  return { path: now.path, query: new URLSearchParams(now.search) };
}
