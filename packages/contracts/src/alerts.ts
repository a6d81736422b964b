import { z } from 'zod';
import { Timestamp, text } from './primitives.ts';

/** Maximum labels, or annotations, stored per alert. */
export const LABELS_MAX = 100;
export const LABEL_NAME_MAX_LENGTH = 256;
/** Maximum length of a label, an annotation, or another text of an alert or its delivery. */
export const LABEL_VALUE_MAX_LENGTH = 8192;

/** Stored labels or annotations of an alert: at most 100 strings by name. */
export const Labels = z
  .record(text(1, LABEL_NAME_MAX_LENGTH), text(0, LABEL_VALUE_MAX_LENGTH))
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, {
    error: `expected at most ${LABELS_MAX} entries`,
  });
export type Labels = z.infer<typeof Labels>;

/** A field for information only: no value of it makes the request invalid. */
export const informing = (description: string) => z.unknown().optional().meta({ description });

/** All labels of an alert, of any number and length, because only some of them are used. */
const AlertLabels = z.record(z.string(), z.string()).superRefine((labels, context) => {
  if ((labels['alertname'] ?? '') !== '') return;
  context.addIssue({ code: 'custom', path: ['alertname'], message: 'is required' });
});

const alertFields = {
  labels: AlertLabels,
  annotations: informing('Strings by name'),
  startsAt: Timestamp,
  generatorURL: informing('URL of the alert in Prometheus'),
  fingerprint: informing('Alertmanager’s fingerprint of all labels'),
};

/**
 * An alert as Alertmanager sends it (webhook version 4). Only its status, its labels, the relevant
 * times and a missing `alertname` can make it invalid.
 */
export const Alert = z
  .discriminatedUnion('status', [
    z.object({
      status: z.literal('firing'),
      ...alertFields,
      endsAt: informing('Year 1 while the alert fires'),
    }),
    z.object({ status: z.literal('resolved'), ...alertFields, endsAt: Timestamp.nullish() }),
  ])
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof Alert>;

const alertExample = {
  status: 'firing',
  labels: {
    alertname: 'PodCrashLooping',
    namespace: 'shop',
    pod: 'cart-7d9f',
    severity: 'critical',
  },
  annotations: { summary: 'The pod restarts again and again.' },
  startsAt: '2026-01-31T12:00:00Z',
};

/**
 * Body of `POST /api/v1/signals/prometheus`. Alerts are validated one by one, because valid alerts
 * are accepted even if others are malformed. Their number is limited only by the size of the body.
 */
export const AlertmanagerWebhook = z.object({
  version: z.literal('4'),
  receiver: informing('The receiver’s name'),
  groupKey: informing('What the group has in common'),
  externalURL: informing('Where Alertmanager is'),
  truncatedAlerts: informing('How many alerts Alertmanager has left out'),
  alerts: z.array(z.unknown().meta({ description: 'An Alert', examples: [alertExample] })).min(1),
});
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;
