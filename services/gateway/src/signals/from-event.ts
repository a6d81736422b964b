import { type KubernetesEvent, timeOfEvent } from '@secureconnect/contracts';
import { Cutter } from './cutter.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Signal } from './signal.ts';
import { timeOf } from './time-of.ts';

/** Converts an event of Kubernetes to a firing signal; events never report an end. */
export function signalOfEvent(event: KubernetesEvent, receivedAt: Date): Signal {
  const { metadata, involvedObject, reason } = event;
  const cutter = new Cutter();
  const namespace = involvedObject.namespace || metadata.namespace || undefined;
  const { kind, name } = involvedObject;
  const time = timeOfEvent(event);
  const firingAt = time === undefined ? receivedAt : timeOf(time);
  const fingerprint = fingerprintOf({ name: reason, namespace, resource: { kind, name } });
  const providerData = cutter.texts('providerData', {
    event: metadata.name,
    eventUid: metadata.uid,
    objectUid: involvedObject.uid,
  });
  // Identifies the event; Kubernetes updates it with a later time when it recurs.
  const own = providerData['eventUid'] ?? providerData['event'] ?? '';
  return {
    type: 'kubernetes-event',
    source: cutter.optionalText('signalSource', componentOf(event)) || 'kubernetes',
    status: 'firing',
    name: cutter.name(reason, 'signalName'),
    severity: event.type === 'Warning' ? 'warning' : 'info',
    namespace: namespace === undefined ? undefined : cutter.name(namespace, 'namespace'),
    resource: { kind: cutter.name(kind), name: cutter.name(name) },
    fingerprint,
    alertKey: fingerprint,
    occurrence: `${own} ${time === undefined ? '' : firingAt.toISOString()}`,
    firingAt,
    endedAt: undefined,
    labels: cutter.texts('signalLabels', metadata.labels),
    annotations: cutter.texts('signalAnnotations', { message: event.message ?? '' }),
    providerData,
    originalPayload: cutter.payload(event),
    cutFields: cutter.fields,
  };
}

function componentOf({ source }: KubernetesEvent): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, 'component') : source;
}
