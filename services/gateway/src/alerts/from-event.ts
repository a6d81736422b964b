import type { KubernetesEvent } from '@secureconnect/contracts';
import { fingerprintOf } from './fingerprint.ts';
import type { Signal } from './signal.ts';

/** An event of Kubernetes as a signal; it fires, as events never say that something is over. */
export function signalOfEvent(event: KubernetesEvent, receivedAt: Date): Signal {
  const { metadata, involvedObject, reason } = event;
  const namespace = involvedObject.namespace || metadata.namespace;
  const resource = { kind: involvedObject.kind, name: involvedObject.name };
  const time = event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp;
  const firingAt = time ? new Date(time) : receivedAt;
  return {
    type: 'kubernetes-event',
    source: event.source?.component ?? 'kubernetes',
    status: 'firing',
    name: reason,
    severity: event.type === 'Warning' ? 'warning' : 'info',
    namespace,
    resource,
    fingerprint: fingerprintOf({ name: reason, namespace, resource }),
    // Its name is the event's own; it is written again, with a later time, when it recurs.
    occurrence: `${metadata.uid ?? metadata.name} ${time ?? ''}`,
    firingAt,
    endedAt: undefined,
    labels: metadata.labels ?? {},
    annotations: { message: event.message },
    providerData: {
      event: metadata.name,
      ...(metadata.uid === undefined ? {} : { eventUid: metadata.uid }),
      ...(involvedObject.uid === undefined ? {} : { objectUid: involvedObject.uid }),
    },
    originalPayload: JSON.stringify(event),
  };
}
