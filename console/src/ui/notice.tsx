import type { ComponentChildren } from 'preact';
import { classes } from './classes.ts';
import { type Tone, toneClasses } from './tone.ts';

interface NoticeProps {
  readonly tone?: Tone;
  readonly children: ComponentChildren;
}

/** Says something that has just happened; screen readers say it too, at once if it is bad. */
export function Notice({ tone = 'neutral', children }: NoticeProps) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      class={classes('rounded-md px-4 py-3 text-sm', toneClasses[tone])}
    >
      {children}
    </div>
  );
}
