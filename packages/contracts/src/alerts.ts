import { z } from 'zod';
import { Timestamp, text } from './primitives.ts';

/** Alerts of one delivery. */
export const ALERTS_MAX = 500;
/** Labels, or annotations, of one alert. */
export const LABELS_MAX = 100;
const LABEL_NAME_MAX_LENGTH = 256;
const LABEL_VALUE_MAX_LENGTH = 8192;

/** What an alert is described by: texts by name, at most 100. */
export const Labels = z
  .record(text(1, LABEL_NAME_MAX_LENGTH), text(0, LABEL_VALUE_MAX_LENGTH))
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, {
    error: `expected at most ${LABELS_MAX} entries`,
  });
export type Labels = z.infer<typeof Labels>;

const AlertLabels = Labels.superRefine((labels, context) => {
  if ((labels['alertname'] ?? '') !== '') return;
  context.addIssue({ code: 'custom', path: ['alertname'], message: 'is required' });
});

/** One alert as Alertmanager sends it (webhook version 4). */
export const Alert = z
  .object({
    status: z.enum(['firing', 'resolved']),
    labels: AlertLabels,
    annotations: Labels.default({}),
    startsAt: Timestamp,
    /** Year 1 while the alert fires. */
    endsAt: Timestamp.exactOptional(),
    generatorURL: text(0, LABEL_VALUE_MAX_LENGTH).exactOptional(),
    /** Alertmanager's own, of all labels. */
    fingerprint: text(0, LABEL_NAME_MAX_LENGTH).exactOptional(),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof Alert>;

/**
 * Body of `POST /api/v1/signals/prometheus`. Its alerts are judged one by one, because the good ones
 * are taken where others are malformed.
 */
export const AlertmanagerWebhook = z.object({
  version: z.literal('4'),
  receiver: text(0, LABEL_VALUE_MAX_LENGTH).exactOptional(),
  groupKey: text(0, LABEL_VALUE_MAX_LENGTH).exactOptional(),
  externalURL: text(0, LABEL_VALUE_MAX_LENGTH).exactOptional(),
  /** How many alerts Alertmanager has left out. */
  truncatedAlerts: z.int().min(0).default(0),
  alerts: z
    .array(z.unknown().meta({ description: 'An Alert' }))
    .min(1)
    .max(ALERTS_MAX),
});
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;
