/** What a colour says; the words beside it say the same. */
export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

/** Text and background of each tone. */
export const toneClasses: Readonly<Record<Tone, string>> = {
  neutral: 'bg-raised text-ink',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};
