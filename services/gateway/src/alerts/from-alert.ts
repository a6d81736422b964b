import type { Alert, AlertmanagerWebhook } from '@secureconnect/contracts';
import { fingerprintOf } from './fingerprint.ts';
import { resourceOf } from './resource.ts';
import type { Signal } from './signal.ts';

/** What a delivery says beside its alerts. */
export type Delivery = Pick<AlertmanagerWebhook, 'receiver' | 'groupKey' | 'externalURL'>;

/** An alert of Alertmanager as a signal. `original` is what arrived. */
export function signalOfAlert(alert: Alert, delivery: Delivery, original: unknown): Signal {
  const { labels, status } = alert;
  const name = labels['alertname'] ?? '';
  const namespace = labels['namespace'] === '' ? undefined : labels['namespace'];
  const resource = resourceOf(labels);
  const ended = status === 'resolved' ? alert.endsAt : undefined;
  return {
    type: 'prometheus-alert',
    source: 'alertmanager',
    status,
    name,
    severity: labels['severity'] ?? 'unknown',
    namespace,
    resource,
    fingerprint: fingerprintOf({ name, namespace, resource }),
    occurrence: alert.startsAt,
    firingAt: new Date(alert.startsAt),
    endedAt: ended === undefined ? undefined : new Date(ended),
    labels,
    annotations: alert.annotations,
    providerData: providerDataOf(alert, delivery),
    originalPayload: JSON.stringify(original),
  };
}

function providerDataOf(alert: Alert, delivery: Delivery): Record<string, string> {
  const { generatorURL, fingerprint } = alert;
  const all = { ...delivery, generatorURL, fingerprint };
  return Object.fromEntries(Object.entries(all).filter((entry) => isGiven(entry)));
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}
