import type { Resource } from './signal.ts';

/** The labels that name a resource, by priority. */
const kinds = [
  ['pod', 'Pod'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['job', 'Job'],
  ['node', 'Node'],
  ['service', 'Service'],
  ['instance', 'Instance'],
] as const;

export const resourceLabels: readonly string[] = kinds.map(([label]) => label);

/** The resource that an alert's labels name; `Unknown` if none does. */
export function resourceOf(labels: Readonly<Record<string, string>>): Resource {
  for (const [label, kind] of kinds) {
    const name = labels[label];
    if (name !== undefined && name !== '') return { kind, name };
  }
  return { kind: 'Unknown', name: 'unknown' };
}
