import { createHash } from 'node:crypto';
import type { AlertLabels } from '@secureconnect/testkit';

/** An alert of the tests: a name of its own, so that no storm begins, and one Pod. */
export interface Alarm {
  readonly alertname: string;
  /** Alertmanager delivers those of one namespace together. */
  readonly namespace: string;
  readonly pod: string;
}

/** `count` alarms that are delivered together. */
export function alarms(namespace: string, count: number): readonly Alarm[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${namespace}${index + 1}`;
    return { alertname: name[0]?.toUpperCase() + name.slice(1), namespace, pod: `${name}-0` };
  });
}

/** By the contract, and not by the gateway's code. */
export function fingerprintOf({ alertname, namespace, pod }: Alarm): string {
  return createHash('sha256').update(`${alertname}:${namespace}:Pod:${pod}`).digest('hex');
}

/** Whether these are the labels of an alarm. */
export function isOf({ alertname, namespace, pod }: Alarm): (labels: AlertLabels) => boolean {
  return (labels) =>
    labels['alertname'] === alertname && labels['namespace'] === namespace && labels['pod'] === pod;
}
