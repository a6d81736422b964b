import type { Polled } from '../../app/use-polled.ts';
import { classes } from '../../ui/classes.ts';
import { timeText } from '../../ui/times.ts';
import { type Tone, toneClasses } from '../../ui/tone.ts';
import type { Fleet } from './fleet.ts';
import { headlineOf } from './headline.ts';

const marks: Readonly<Record<Tone, string>> = {
  good: '✓',
  warn: '!',
  bad: '✕',
  neutral: '?',
  accent: 'i',
};

/** The state of everything in a sentence; it says so itself when it is old. */
export function FleetHeadline({ fleet }: { fleet: Polled<Fleet> }) {
  const { value, error, readAtMs } = fleet;
  if (value === undefined) return null;
  const { tone, title, text } = headlineOf(value);
  const isOld = error !== undefined;
  const shownTone = isOld ? 'neutral' : tone;
  return (
    <div class={classes('mb-4 flex gap-4 rounded-lg p-4 sm:p-5', toneClasses[shownTone])}>
      <span aria-hidden="true" class="text-2xl leading-8 font-bold">
        {marks[shownTone]}
      </span>
      <div class="min-w-0">
        {/* Said again only when its words change, and not with each reading. */}
        <div role="status">
          <p class="text-xl leading-8 font-semibold text-balance">
            {isOld ? 'The state is not known' : title}
          </p>
          <p class="mt-0.5 text-ink">{isOld ? `${error} What is below is old.` : text}</p>
        </div>
        {readAtMs !== undefined && (
          <p class={classes('mt-1 text-sm', isOld ? 'font-semibold text-bad' : 'text-muted')}>
            As of {timeText(readAtMs)}
          </p>
        )}
      </div>
    </div>
  );
}
