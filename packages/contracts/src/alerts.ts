import { z } from 'zod';
import { Timestamp, text } from './primitives.ts';

/** Labels, or annotations, that are kept of one alert. */
export const LABELS_MAX = 100;
export const LABEL_NAME_MAX_LENGTH = 256;
/** Of a label or an annotation, and of whatever else an alert or its delivery says. */
export const LABEL_VALUE_MAX_LENGTH = 8192;

/** What an alert is described by, as far as it is kept: texts by name, at most 100. */
export const Labels = z
  .record(text(1, LABEL_NAME_MAX_LENGTH), text(0, LABEL_VALUE_MAX_LENGTH))
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, {
    error: `expected at most ${LABELS_MAX} entries`,
  });
export type Labels = z.infer<typeof Labels>;

/** A field that only informs: whatever stands there, it refuses nothing. */
export const informing = (description: string) => z.unknown().optional().meta({ description });

/** All labels of an alert; of any number and length, as only some of them decide anything. */
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
 * One alert as Alertmanager sends it (webhook version 4). Refused for nothing but its status, its
 * labels, the times that decide something, and a missing `alertname`.
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

/**
 * Body of `POST /api/v1/signals/prometheus`. Its alerts are judged one by one, because the good ones
 * are taken where others are malformed. There is no limit to them but that of the body.
 */
export const AlertmanagerWebhook = z.object({
  version: z.literal('4'),
  receiver: informing('Name of the receiver'),
  groupKey: informing('Key of the alert group'),
  externalURL: informing('URL of Alertmanager'),
  truncatedAlerts: informing('Number of alerts that Alertmanager left out'),
  alerts: z.array(z.unknown().meta({ description: 'An Alert' })).min(1),
});
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;
