import type { Alert, AlertmanagerWebhook } from '@secureconnect/contracts';
import { Cutter } from './cutter.ts';
import { environmentLabels } from './environment.ts';
import { fingerprintOf } from './fingerprint.ts';
import { resourceLabels, resourceOf } from './resource.ts';
import type { Signal } from './signal.ts';
import { timeOf } from './time-of.ts';

/** The fields of a delivery other than its alerts. */
export type Delivery = Pick<AlertmanagerWebhook, 'receiver' | 'groupKey' | 'externalURL'>;

/** Labels that affect decisions; they are kept first. */
const decidingLabels = [
  'alertname',
  'namespace',
  'severity',
  ...resourceLabels,
  ...environmentLabels,
];

/** Converts an alert of Alertmanager to a signal. `original` is the JSON that arrived. */
export function signalOfAlert(alert: Alert, delivery: Delivery, original: unknown): Signal {
  const { labels, status } = alert;
  const cutter = new Cutter();
  const name = labels['alertname'] ?? '';
  const namespace = labels['namespace'] === '' ? undefined : labels['namespace'];
  const resource = resourceOf(labels);
  const ended = alert.status === 'resolved' ? alert.endsAt : undefined;
  const firingAt = timeOf(alert.startsAt);
  const { generatorURL, fingerprint } = alert;
  const { receiver, groupKey, externalURL } = delivery;
  const leadsBack = { receiver, groupKey, externalURL, generatorURL, fingerprint };
  return {
    type: 'prometheus-alert',
    source: 'alertmanager',
    status,
    name: cutter.name(name, 'signalName'),
    severity: cutter.text('severity', labels['severity'] ?? 'unknown'),
    namespace: namespace === undefined ? undefined : cutter.name(namespace, 'namespace'),
    resource: { ...resource, name: cutter.name(resource.name) },
    fingerprint: fingerprintOf({ name, namespace, resource }),
    alertKey: alertKeyOf(labels),
    occurrence: firingAt.toISOString(),
    firingAt,
    endedAt: typeof ended === 'string' ? timeOf(ended) : undefined,
    labels: cutter.texts('signalLabels', labels, decidingLabels),
    annotations: cutter.texts('signalAnnotations', alert.annotations),
    providerData: cutter.texts('providerData', leadsBack),
    originalPayload: cutter.payload(original),
    cutFields: cutter.fields,
  };
}

/** The same for each signal of one alert; computed from all labels, including truncated ones. */
function alertKeyOf(labels: Alert['labels']): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}
