import {
  Alert,
  type AlertmanagerWebhook,
  DETAILS_MAX,
  type ErrorDetail,
  validationDetails,
} from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { signalOfAlert } from './from-alert.ts';
import type { Signal } from './signal.ts';

/** The alerts of a delivery: the valid ones, and the errors of the others. */
export interface ReadWebhook {
  readonly signals: readonly Signal[];
  /** The indexes of the malformed ones. */
  readonly malformed: readonly number[];
  readonly details: readonly ErrorDetail[];
}

/** Reads each alert separately. */
export function readWebhook({ alerts, ...delivery }: AlertmanagerWebhook): ReadWebhook {
  const signals: Signal[] = [];
  const malformed: number[] = [];
  const details: ErrorDetail[] = [];
  for (const [index, original] of alerts.entries()) {
    const { success, data, error } = Alert.safeParse(original);
    if (success) {
      signals.push(signalOfAlert(data, delivery, original));
      continue;
    }
    malformed.push(index);
    const path = ['alerts', index];
    const issues = error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
    details.push(...validationDetails({ issues }));
  }
  return { signals, malformed, details };
}

const maxNamed = 20;

/** Throws VALIDATION_ERROR naming the malformed alerts, if there are any. */
export function refuseMalformed({ signals, malformed, details }: ReadWebhook): void {
  if (malformed.length === 0) return;
  const named = malformed.slice(0, maxNamed).map((index) => `alerts[${index}]`);
  const more = malformed.length > maxNamed ? ` and ${malformed.length - maxNamed} more` : '';
  const names = `${named.join(', ')}${more}`;
  const rest = signals.length === 0 ? '' : `; the other ${signals.length} were accepted`;
  const count = signals.length + malformed.length;
  throw new ApiError(
    'VALIDATION_ERROR',
    `${malformed.length} of ${count} alerts are malformed: ${names}${rest}.`,
    { details: details.slice(0, DETAILS_MAX) },
  );
}
