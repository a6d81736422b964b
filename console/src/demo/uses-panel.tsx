import { useEffect, useState } from 'preact/hooks';
import type { FallbackUse, RouteMode } from '../app/route-use.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Tone } from '../ui/tone.ts';
import type { Activity, LatestUse } from './model/activity.ts';
import { fallbackWords } from './model/fallback-words.ts';

/** A use is shown for so long. */
const shownForMs = 30_000;

const modes: Readonly<Record<RouteMode, { readonly tone: Tone; readonly text: string }>> = {
  normal: { tone: 'good', text: 'normal' },
  fallback: { tone: 'warn', text: 'goes on' },
  refused: { tone: 'bad', text: 'refuses' },
};

/** The routes that were used in the last seconds, and how each has answered. */
export function UsesPanel({ activity }: { activity: Activity }) {
  const nowMs = useClock();
  const recent = activity.uses.value.filter(({ atMs }) => nowMs - atMs < shownForMs);
  return (
    <Panel title="Routes used in the last 30 seconds">
      <p class="mb-3 text-sm text-muted">
        On nearly every route: rate-limit, {fallbackWords['rate-limit']}; revocations,{' '}
        {fallbackWords['revocations']}.
      </p>
      {recent.length === 0 ? (
        <p class="text-sm text-muted">None. Write a message above, or try something beside.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: people without a mouse scroll it by the keyboard
        <ul tabIndex={0} aria-label="Routes" class="grid max-h-80 gap-2 overflow-y-auto">
          {recent.map((use) => (
            <Use key={use.route} use={use} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Use({ use }: { use: LatestUse }) {
  const { text, tone } = modes[use.mode];
  return (
    <li class="grid grid-cols-[5.5rem_1fr] items-baseline gap-x-3 text-sm">
      <span>
        <Badge tone={tone}>{text}</Badge>
      </span>
      <span class="min-w-0">
        <code class="text-xs break-words">{use.route}</code>
        {use.times > 1 && <span class="text-xs text-muted"> ×{use.times}</span>}
        <span class="block text-muted">{explanation(use)}</span>
      </span>
    </li>
  );
}

/** Those of nearly every route come last, without words: the panel says what they mean. */
const everywhere = ['rate-limit', 'revocations'];

function explanation({ fallbacks, mode }: LatestUse): string {
  if (mode === 'refused') return 'Nothing has happened; it works again when Redis does.';
  const own = fallbacks.filter(({ port }) => !everywhere.includes(port));
  const common = fallbacks.filter(({ port }) => everywhere.includes(port));
  const words = [
    ...own.map((each) => `${nameOf(each)}: ${fallbackWords[each.port] ?? 'a fallback'}`),
    ...common.map(nameOf),
  ];
  return words.join('; ');
}

function nameOf({ kind, port }: FallbackUse): string {
  return kind === undefined ? port : `${port} (${kind})`;
}

/** The time, each second. */
function useClock(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
