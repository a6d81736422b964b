import { z } from 'zod';
import { Labels } from './alerts.ts';
import { Timestamp, text } from './primitives.ts';

/** The name of an object, or of a namespace, in Kubernetes. */
const ObjectName = text(1, 253);
const Reference = text(0, 253).exactOptional();

/** Kubernetes writes `null` where there is no time. */
const EventTime = Timestamp.nullable().exactOptional();

/** Body of `POST /api/v1/signals/kubernetes-event`: an Event of the core API, `v1`. */
export const KubernetesEvent = z
  .object({
    apiVersion: z.literal('v1').exactOptional(),
    kind: z.literal('Event').exactOptional(),
    metadata: z.object({
      name: ObjectName,
      namespace: ObjectName.exactOptional(),
      uid: Reference,
      labels: Labels.exactOptional(),
    }),
    involvedObject: z.object({
      kind: text(1, 63),
      name: ObjectName,
      namespace: text(0, 253).exactOptional(),
      apiVersion: Reference,
      uid: Reference,
    }),
    reason: text(1, 256),
    message: text(0, 8192).default(''),
    type: z.enum(['Normal', 'Warning']),
    firstTimestamp: EventTime,
    lastTimestamp: EventTime,
    eventTime: EventTime,
    source: z.object({ component: Reference, host: Reference }).exactOptional(),
  })
  .meta({ id: 'KubernetesEvent' });
export type KubernetesEvent = z.infer<typeof KubernetesEvent>;
