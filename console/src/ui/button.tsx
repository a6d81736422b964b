import type { ComponentChildren } from 'preact';
import { classes } from './classes.ts';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** While something that it began is under way. */
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  /** For buttons whose text does not say enough by itself. */
  readonly label?: string;
}

const kinds = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-surface text-ink border-field-line hover:bg-raised',
  danger: 'bg-surface text-bad border-bad hover:bg-bad-soft',
  quiet: 'bg-transparent text-accent border-transparent hover:bg-raised',
} as const;

/**
 * A button that cannot be used now stays where the keyboard is: browsers take the focus from one that
 * is `disabled`, and the next Tab would begin at the top of the page.
 */
export function Button({
  children,
  onClick,
  type = 'button',
  kind = 'plain',
  isBusy = false,
  disabled = false,
  label,
}: ButtonProps) {
  const isOff = disabled || isBusy;
  const press = (event: MouseEvent): void => {
    // Enter in a field of its form presses it too.
    if (isOff) event.preventDefault();
    else onClick?.();
  };
  return (
    <button
      type={type}
      onClick={press}
      aria-disabled={isOff}
      aria-busy={isBusy}
      aria-label={label}
      class={classes(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-md border px-3 py-1.5',
        'text-sm font-medium whitespace-nowrap aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
        kinds[kind],
      )}
    >
      {children}
    </button>
  );
}
