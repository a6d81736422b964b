import { useState } from 'preact/hooks';
import { Button } from './button.tsx';

/** The way through a list whose pages are found by cursors. */
export interface Pages {
  /** Of the current page; undefined for the first. */
  readonly cursor: string | undefined;
  readonly isFirst: boolean;
  readonly next: (cursor: string) => void;
  readonly previous: () => void;
  readonly first: () => void;
}

export function usePages(): Pages {
  /** The cursors of the pages up to this one, without the first page's, which has none. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    cursor: cursors.at(-1),
    isFirst: cursors.length === 0,
    next: (cursor) => setCursors([...cursors, cursor]),
    previous: () => setCursors(cursors.slice(0, -1)),
    first: () => setCursors([]),
  };
}

interface PagerProps {
  /** Of what, for screen readers: "accounts". */
  readonly what: string;
  readonly pages: Pages;
  /** The cursor of the following page; null on the last one. */
  readonly next: string | null;
}

/** Nothing where everything is on one page. */
export function Pager({ what, pages, next }: PagerProps) {
  if (pages.isFirst && next === null) return null;
  return (
    <nav aria-label={`Pages of ${what}`} class="mt-4 flex gap-2">
      <Button disabled={pages.isFirst} onClick={pages.previous}>
        Previous
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && pages.next(next)}>
        Next
      </Button>
    </nav>
  );
}
