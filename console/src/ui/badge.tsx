import type { ComponentChildren } from 'preact';
import { classes } from './classes.ts';
import { type Tone, toneClasses } from './tone.ts';

/** One or two words of state. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: Tone;
  children: ComponentChildren;
}) {
  return (
    <span
      class={classes(
        'inline-block rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap',
        toneClasses[tone],
      )}
    >
      {children}
    </span>
  );
}
