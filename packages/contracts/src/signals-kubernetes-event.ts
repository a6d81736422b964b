import { z } from 'zod';
import { informing } from './alerts.ts';
import { Timestamp } from './primitives.ts';

const Name = z.string().min(1);
const Namespace = z.string().nullish();

/** Kubernetes writes `null` if there is no time. */
const EventTime = z.unknown().optional();

/**
 * Body of `POST /api/v1/signals/kubernetes-event`: an Event of the core API, `v1`. Only its reason,
 * its object, its namespace and the relevant time can make it invalid.
 */
export const KubernetesEvent = z
  .object({
    metadata: z
      .object({
        name: informing('Name of the event'),
        namespace: Namespace,
        uid: informing('UID of the event'),
        labels: informing('Strings by name'),
      })
      .default({}),
    involvedObject: z.object({
      kind: Name.meta({ examples: ['Pod'] }),
      name: Name.meta({ examples: ['cart-7d9f'] }),
      namespace: Namespace,
      uid: informing('UID of the object'),
    }),
    reason: Name.meta({ examples: ['BackOff'] }),
    message: informing('For people'),
    type: informing('Normal or Warning'),
    /** The first time that is set is used. */
    lastTimestamp: EventTime,
    eventTime: EventTime,
    firstTimestamp: EventTime,
    source: informing('Component that reported the event'),
  })
  .superRefine((event, context) => {
    const given = eventTimes.find((name) => event[name] !== undefined && event[name] !== null);
    if (given === undefined || Timestamp.safeParse(event[given]).success) return;
    context.addIssue({ code: 'custom', path: [given], message: 'expected an RFC 3339 time' });
  })
  .meta({ id: 'KubernetesEvent' });
export type KubernetesEvent = z.infer<typeof KubernetesEvent>;

const eventTimes = ['lastTimestamp', 'eventTime', 'firstTimestamp'] as const;

/** When an event last happened, according to the event. */
export function timeOfEvent(event: KubernetesEvent): string | undefined {
  const times = eventTimes.map((name) => event[name]);
  return times.find((time) => typeof time === 'string');
}
