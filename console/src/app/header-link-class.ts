/** How links and buttons of the header look. */
export const headerLinkClass =
  'rounded-md px-3 py-1.5 text-sm font-medium text-muted hover:bg-raised hover:text-ink aria-[current]:bg-raised aria-[current]:text-ink';
