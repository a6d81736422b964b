import { useEffect, useState } from 'preact/hooks';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Tone } from '../ui/tone.ts';
import type { Activity, LatestUse } from './model/activity.ts';
import { fallbackWords } from './model/fallback-words.ts';
import type { RouteMode } from './model/route-use.ts';

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
      {recent.length === 0 ? (
        <p class="text-sm text-muted">None. Write a message above, or try something beside.</p>
      ) : (
        <ul class="grid gap-2">
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

function explanation({ fallbacks, mode }: LatestUse): string {
  if (mode === 'refused') return 'Nothing has happened; it works again when Redis does.';
  return fallbacks
    .map(({ kind, port }) => {
      const how = fallbackWords[port];
      const name = kind === undefined ? port : `${port} (${kind})`;
      return how === undefined ? name : `${name}: ${how}`;
    })
    .join('; ');
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
