import type { Schemas } from '@secureconnect/client';
import { Badge } from '../../ui/badge.tsx';
import { timeText } from '../../ui/times.ts';
import type { Tone } from '../../ui/tone.ts';

type RemediationRequest = Schemas['RemediationRequest'];

const priorities: Readonly<Record<RemediationRequest['priority'], Tone>> = {
  P0: 'bad',
  P1: 'warn',
  P2: 'neutral',
  P3: 'neutral',
};

/** `pod-9` before `pod-10`. */
const byNumber = new Intl.Collator(undefined, { numeric: true });

/** One request, with its alerts where it stands for a storm. */
export function RequestItem({ request }: { request: RemediationRequest }) {
  const { deduplication, status, affectedResources: resources = [] } = request;
  const { closedTime } = status;
  const summary = request.signalAnnotations['summary'] ?? request.signalAnnotations['description'];
  return (
    <li class="py-3">
      <div class="flex flex-wrap items-center gap-2">
        <Badge tone={priorities[request.priority]}>{request.priority}</Badge>
        <h2 class="min-w-0 font-medium wrap-anywhere">{request.signalName}</h2>
        <Badge tone={closedTime === undefined ? 'bad' : 'good'}>
          {closedTime === undefined ? 'active' : `resolved ${timeText(closedTime)}`}
        </Badge>
        {request.isStorm && (
          <Badge tone="warn">storm of {request.stormAlertCount ?? resources.length}</Badge>
        )}
      </div>
      {summary !== undefined && <p class="mt-1 wrap-anywhere">{summary}</p>}
      <p class="mt-1 text-sm wrap-anywhere text-muted">
        {labelsOf(request)}severity {request.severity} · environment {request.environment} · path{' '}
        {request.remediationPath} · since {timeText(request.firingTime)} · seen{' '}
        {deduplication.occurrenceCount} × ·{' '}
        <span class="font-mono text-xs">
          {request.namespace}/{request.name}
        </span>
      </p>
      {resources.length > 0 && (
        <details class="mt-1 text-sm">
          <summary class="text-accent">Alerts of {resources.length} resources</summary>
          <ul class="mt-1 ml-4 list-disc font-mono text-xs">
            {resources.toSorted(byNumber.compare).map((resource) => (
              <li key={resource} class="wrap-anywhere">
                {resource}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** Said elsewhere in the item, or the same for all. */
const knownLabels = ['alertname', 'namespace', 'severity'];

/** What the alert is about: requests of one name differ in nothing else. */
function labelsOf({ signalLabels }: RemediationRequest): string {
  return Object.entries(signalLabels)
    .filter(([name]) => !knownLabels.includes(name))
    .map(([name, value]) => `${name} ${value} · `)
    .join('');
}
