import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { timeText } from '../../ui/times.ts';
import type { Tone } from '../../ui/tone.ts';
import type { FleetInstance } from './fleet.ts';

const tones: Readonly<Record<FleetInstance['state'], Tone>> = {
  normal: 'good',
  degraded: 'warn',
  unreachable: 'bad',
};

/** The processes, and why each is not normal. */
export function InstancesPanel({ instances }: { instances: readonly FleetInstance[] }) {
  return (
    <Panel title="Instances">
      <ul class="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {instances.map((instance, index) => (
          <li
            key={`${instance.service} ${instance.instance ?? index}`}
            class="min-w-0 rounded-md border border-line px-3 py-2"
          >
            <div class="flex items-center justify-between gap-2">
              <span class="min-w-0 truncate">
                <span class="font-medium">{instance.service}</span>{' '}
                <span class="font-mono text-xs text-muted">{instance.instance ?? 'no answer'}</span>
              </span>
              <Badge tone={tones[instance.state]}>{stateText(instance)}</Badge>
            </div>
            <p class="text-sm text-muted">{detailText(instance)}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function stateText({ state, drill_ends_at: end, port_drills: ports }: FleetInstance): string {
  return end !== undefined || ports !== undefined ? 'drill' : state;
}

function detailText(instance: FleetInstance): string {
  const { state, reason, since, drill_ends_at: end, port_drills: ports } = instance;
  if (state === 'normal') return 'serves everything';
  if (end !== undefined) return `until ${timeText(end)}`;
  if (ports !== undefined) {
    const each = Object.entries(ports).map(([port, until]) => `${port} until ${timeText(until)}`);
    return each.join(', ');
  }
  if (state === 'unreachable') return 'does not answer; the log of the gateway has its address';
  const sinceText = since === undefined ? '' : `since ${timeText(since)}`;
  return [sinceText, reason].filter(Boolean).join(', ') || 'a dependency is down';
}
