import { RemediationRequest } from '@secureconnect/contracts';
import { z } from 'zod';
import { resourceText } from '../signal.ts';
import { type Draft, fallbackNamespace, type Placed, type StormRef } from '../sink.ts';
import { type Change, group, type Resource } from './custom-objects.ts';
import { ObjectMetadata } from './object-metadata.ts';
import { timeText } from './time-text.ts';

/** A remediation request as Kubernetes keeps it. */
export const RequestObject = z.object({
  metadata: ObjectMetadata,
  spec: RemediationRequest.omit({ name: true, namespace: true, status: true }).extend({
    targetNamespace: z.string(),
  }),
  // The object's definition has the same default, but the reply to a creation may lack it.
  status: RemediationRequest.shape.status.default({ overallPhase: 'Pending' }),
});
export type RequestObject = z.infer<typeof RequestObject>;

export const requestObjects: Resource<RequestObject> = {
  plural: 'remediationrequests',
  kind: 'RemediationRequest',
  schema: RequestObject,
};

/** The time of receipt, for lists that read only metadata. */
const receivedAnnotation = `${group}/received-time`;

/** When a request was received, from its metadata; for a manually created one, its creation. */
export function receivedAt({ annotations, creationTimestamp }: ObjectMetadata): Date {
  return new Date(annotations[receivedAnnotation] ?? creationTimestamp);
}

/** An annotation of a storm that changes with each joining signal. */
export const joinedAnnotation = `${group}/joined`;

export interface NewRequest {
  readonly fingerprint: string;
  readonly draft: Draft;
  readonly storm: StormRef | undefined;
  readonly previousRequestName: string | undefined;
}

export function requestContent(request: NewRequest): Change {
  const { fingerprint, draft, storm, previousRequestName } = request;
  const { signal, triage } = draft;
  const receivedTime = timeText(draft.receivedAt);
  const spec: RequestObject['spec'] = {
    signalFingerprint: fingerprint,
    signalName: signal.name,
    severity: signal.severity,
    environment: triage.environment,
    priority: triage.priority,
    remediationPath: triage.remediationPath,
    signalType: signal.type,
    signalSource: signal.source,
    targetType: 'kubernetes',
    targetNamespace: signal.namespace ?? fallbackNamespace,
    firingTime: timeText(signal.firingAt),
    receivedTime,
    deduplication: {
      isDuplicate: false,
      firstSeen: receivedTime,
      lastSeen: receivedTime,
      occurrenceCount: 1,
      ...(previousRequestName === undefined
        ? {}
        : { previousRemediationRequestRef: previousRequestName }),
    },
    isStorm: storm !== undefined,
    ...(storm === undefined ? {} : stormOf(storm, resourceText(signal))),
    signalLabels: signal.labels,
    signalAnnotations: signal.annotations,
    providerData: signal.providerData,
    originalPayload: signal.originalPayload,
    ...(signal.cutFields.length === 0 ? {} : { cutFields: [...signal.cutFields] }),
  };
  return { metadata: { annotations: { [receivedAnnotation]: receivedTime } }, spec };
}

function stormOf(storm: StormRef, resource: string): Partial<RequestObject['spec']> {
  return {
    stormType: storm.type,
    stormWindow: storm.id,
    stormAlertCount: 1,
    affectedResources: [resource],
  };
}

export const isPending = ({ status }: RequestObject): boolean => status.overallPhase === 'Pending';

/** A request as clients see it. */
export function remediationRequest({ metadata, spec, status }: RequestObject): RemediationRequest {
  const { targetNamespace: namespace, ...rest } = spec;
  return { name: metadata.name, namespace, ...rest, status };
}

export function placed({ metadata, spec }: RequestObject, outcome: Placed['outcome']): Placed {
  const { stormType: type, stormWindow: id } = spec;
  const storm = type === undefined || id === undefined ? undefined : { type, id };
  return { name: metadata.name, namespace: spec.targetNamespace, outcome, storm };
}
